// Loaded when the first calls observed are to be sent.
export { createSender } from "./sender.js";
