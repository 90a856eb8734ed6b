import { adapterConformance } from "@holdpoint/adapter-conformance";
import { middlewareDriver, toolsDriver } from "./testing/driver.js";

adapterConformance(toolsDriver);
adapterConformance(middlewareDriver);
