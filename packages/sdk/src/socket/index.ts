// Loaded with the first call over a Unix socket.
export { socketFetch } from "./fetch.js";
