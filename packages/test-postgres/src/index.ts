export { type Cluster, createDatabase } from "./database.js";
export { type PostgresServer, startPostgres } from "./server.js";
