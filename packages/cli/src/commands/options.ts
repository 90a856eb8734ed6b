import type { WireMoney } from "@holdpoint/protocol/spend";
import { AmountError, parseAmount } from "@holdpoint/protocol/spend/core";
import { type Command, InvalidArgumentError, Option } from "commander";
import { CommandFailure } from "../failure.js";
import { parseDuration } from "../output/time.js";

/** What every command that calls the control plane takes. */
export function withConnection(command: Command): Command {
  return command
    .option("--url <address>", "the control plane (default: HOLDPOINT_URL, or the one `dev` runs)")
    .option("--data <dir>", "data folder of `holdpoint dev` to take credentials from");
}

export function withJson(command: Command): Command {
  return command.option("--json", "one line of JSON on standard output");
}

export function portOption(description: string): Option {
  return new Option("--port <number>", description).argParser((text) => {
    const port = Number(text);
    if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
    throw new InvalidArgumentError("Expected a port from 0 to 65535; 0 takes any free one.");
  });
}

export function parseLimit(maximum: number): (text: string) => number {
  return parseBetween(1, maximum);
}

/** A whole number within bounds. */
export function parseBetween(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`Expected a number from ${minimum} to ${maximum}.`);
  };
}

export function parseDurationOption(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs !== undefined) return durationMs;
  throw new InvalidArgumentError("Expected a duration such as 90s, 10m, 12h or 30d.");
}

/** An amount and its currency: `100 EUR`, `9.99 USD`. */
export function parseMoney(text: string): WireMoney {
  const [amount = "", currency = "", ...rest] = text.trim().split(/\s+/);
  if (currency === "" || rest.length > 0) {
    throw new InvalidArgumentError('Expected an amount and its currency, for example "100 EUR".');
  }
  try {
    return { amount_minor: Number(parseAmount(amount, currency)), currency };
  } catch (error) {
    if (error instanceof AmountError) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** Takes a limit away. */
export type NoLimit = "none";

/** The same, where `none` is allowed too. */
export function orNone<Value>(parse: (text: string) => Value): (text: string) => Value | NoLimit {
  return (text) => (text === "none" ? "none" : parse(text));
}

/** Words separated by commas, each one of `allowed` whatever its case; answers them as listed. */
export function parseWords<Word extends string>(
  allowed: readonly Word[],
): (text: string) => readonly Word[] {
  return (text) =>
    text.split(",").map((part) => {
      const word = allowed.find((each) => each.toLowerCase() === part.trim().toLowerCase());
      if (word !== undefined) return word;
      throw new InvalidArgumentError(
        `Expected one or several of ${allowed.join(", ").toLowerCase()}.`,
      );
    });
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

export function wrongUsage(message: string, next: string): CommandFailure {
  return new CommandFailure({ reason: "usage", message, next });
}
