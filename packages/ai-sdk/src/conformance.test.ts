import { adapterConformance } from "@holdpoint/adapter-conformance";
import { createDriver } from "./testing/driver.js";
import { MAJORS } from "./testing/framework.js";

for (const major of MAJORS) adapterConformance(createDriver(major));
