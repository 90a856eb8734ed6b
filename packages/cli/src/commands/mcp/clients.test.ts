import { expect, it } from "vitest";
import { CLIENTS, type ClientName, type Machine, type Scope } from "./clients.js";

const mac: Machine = { platform: "darwin", env: {}, home: "/Users/ada", directory: "/work" };
const linux: Machine = { platform: "linux", env: {}, home: "/home/ada", directory: "/work" };
const windows: Machine = {
  platform: "win32",
  env: { APPDATA: "C:\\Users\\ada\\AppData\\Roaming" },
  home: "C:\\Users\\ada",
  directory: "D:\\work",
};
const xdg = { ...linux, env: { XDG_CONFIG_HOME: "/config" } };
const moved = { ...linux, env: { CLAUDE_CONFIG_DIR: "/claude" } };

const PLACES: readonly (readonly [ClientName, Scope, Machine, string])[] = [
  [
    "claude-desktop",
    "user",
    mac,
    "/Users/ada/Library/Application Support/Claude/claude_desktop_config.json",
  ],
  ["claude-desktop", "user", linux, "/home/ada/.config/Claude/claude_desktop_config.json"],
  [
    "claude-desktop",
    "user",
    windows,
    "C:\\Users\\ada\\AppData\\Roaming\\Claude\\claude_desktop_config.json",
  ],
  ["cursor", "user", mac, "/Users/ada/.cursor/mcp.json"],
  ["cursor", "user", windows, "C:\\Users\\ada\\.cursor\\mcp.json"],
  ["cursor", "project", linux, "/work/.cursor/mcp.json"],
  ["vscode", "user", mac, "/Users/ada/Library/Application Support/Code/User/mcp.json"],
  ["vscode", "user", xdg, "/config/Code/User/mcp.json"],
  [
    "vscode",
    "user",
    { ...windows, env: {} },
    "C:\\Users\\ada\\AppData\\Roaming\\Code\\User\\mcp.json",
  ],
  ["vscode", "project", windows, "D:\\work\\.vscode\\mcp.json"],
  ["claude-code", "user", linux, "/home/ada/.claude.json"],
  ["claude-code", "user", moved, "/claude/.claude.json"],
  ["claude-code", "project", mac, "/work/.mcp.json"],
];

it.each(PLACES)("finds %s for the %s", (client, scope, machine, path) => {
  expect(CLIENTS[client].places[scope]?.path(machine)).toBe(path);
});
