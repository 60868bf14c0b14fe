/** Programs that are started beside tests and measurements: until they answer, and to their end. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A port of 127.0.0.1 that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  });

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** All of it; absent: our own. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

const begin = ({ command, args, environment }: Program): ChildProcess =>
  spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    ...(environment !== undefined && { env: environment }),
  });

const collect = (child: ChildProcess): { text: string } => {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output.text += chunk.toString("utf8");
    });
  }
  return output;
};

export interface Finished {
  readonly code: number | null;
  /** Both streams, as they came. */
  readonly output: string;
}

export const runToEnd = (program: Program): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = begin(program);
    const output = collect(child);
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output: output.text });
    });
  });

export interface RunningProgram {
  readonly pid: number;
  /** What it has written so far. */
  readonly output: () => string;
  /** SIGSTOP holds it where it stands, SIGCONT lets it go on. */
  readonly signal: (signal: "SIGSTOP" | "SIGCONT") => void;
  readonly stop: () => Promise<void>;
}

const longestStartMs = 60_000;
const longestEndMs = 5_000;

const ending = (child: ChildProcess) => async (): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
  });
  // One that was held could not hear that it is to end.
  child.kill("SIGCONT");
  child.kill("SIGTERM");
  const patience = new AbortController();
  await Promise.race([
    ended,
    delay(longestEndMs, undefined, { signal: patience.signal, ref: false }),
  ]);
  patience.abort();
  child.kill("SIGKILL");
  await ended;
};

/** @throws Error with the end of its output, where it ends or is not up within a minute */
export const startProgram = async (
  program: Program,
  isUp: () => Promise<boolean>,
): Promise<RunningProgram> => {
  const child = begin(program);
  const output = collect(child);
  const stop = ending(child);
  let failure: string | undefined;
  child.once("error", ({ message }) => {
    failure = message;
  });
  const giveUpMs = performance.now() + longestStartMs;
  while (!(await isUp())) {
    if (failure !== undefined || child.exitCode !== null || performance.now() > giveUpMs) {
      if (failure === undefined) await stop();
      throw new Error(
        `${program.command} did not start: ${failure ?? output.text.trim().slice(-4000)}`,
      );
    }
    await delay(100);
  }
  return {
    pid: child.pid ?? 0,
    output: () => output.text,
    signal: (signal) => {
      child.kill(signal);
    },
    stop,
  };
};
