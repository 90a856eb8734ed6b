import { adapterConformance } from "@holdpoint/adapter-conformance";
import { driver } from "./testing/driver.js";

adapterConformance(driver);
