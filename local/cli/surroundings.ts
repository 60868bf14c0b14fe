/** Names all that a command needs of the process that it runs in, so that a test can be such a process. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Host, Terminal } from "../terminal/terminal.ts";

export interface Surroundings {
  readonly terminal: Terminal;
  /** Of this package. */
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the terminal that stdout is, as wide as it is now; undefined: stdout is not a terminal. */
  readonly columns: () => number | undefined;
  /** Puts a question to a person and gives what was typed. Absent: nobody is there. */
  readonly ask?: (question: string) => Promise<string>;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly now: () => Date;
  /** Ends sooner, without an error, at Ctrl-C. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly randomId: () => string;
  /** Aborted by the first Ctrl-C. The second one ends the process. */
  readonly interrupt: AbortSignal;
}

interface Stdin {
  readonly isTTY?: boolean;
}

interface SpotProcess extends Host {
  readonly stdin: Stdin & NodeJS.ReadableStream;
  readonly stdout: Host["stdout"] & { readonly columns?: number };
  readonly stderr: Host["stderr"] & NodeJS.WritableStream;
  once(event: "SIGINT", listener: () => void): unknown;
}

/** Of a terminal that does not tell its width, or tells 0. */
const usualColumns = 80;

const toldColumns = ({ columns = 0 }: SpotProcess["stdout"]): number =>
  columns > 0 ? columns : usualColumns;

/** Typed as a line, so that Ctrl-C stays a signal. Nothing typed, or Ctrl-D: an empty text. */
const askOn =
  ({ stdin, stderr }: SpotProcess, signal: AbortSignal) =>
  async (question: string): Promise<string> => {
    const { createInterface } = await import("node:readline");
    const lines = createInterface({ input: stdin, output: stderr, terminal: false });
    return new Promise((resolve) => {
      const end = (typed: string): void => {
        lines.close();
        resolve(typed.trim());
      };
      lines.once("close", () => {
        resolve("");
      });
      signal.addEventListener("abort", () => {
        end("");
      });
      lines.question(`${question} `, end);
    });
  };

export const processSurroundings = (
  host: SpotProcess,
  { terminal, version }: Pick<Surroundings, "terminal" | "version">,
): Surroundings => {
  const interrupt = new AbortController();
  host.once("SIGINT", () => {
    interrupt.abort();
  });
  const { signal } = interrupt;
  const isAttended = host.stdin.isTTY === true && host.stderr.isTTY === true;
  return {
    terminal,
    version,
    env: host.env,
    columns: () => (host.stdout.isTTY === true ? toldColumns(host.stdout) : undefined),
    ...(isAttended && { ask: askOn(host, signal) }),
    fetch: (request) => fetch(request),
    now: () => new Date(),
    sleep: async (ms) => {
      try {
        await pause(ms, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    randomId: randomUUID,
    interrupt: signal,
  };
};
