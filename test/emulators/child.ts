/** Programs that the emulator tests start: until they answer, and to their end. */
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

export interface Finished {
  readonly code: number | null;
  /** Both streams, as they came. */
  readonly output: string;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

const begin = ({ command, args, variables = {} }: Program): ChildProcess =>
  spawn(command, args, {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
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

export const runToEnd = (program: Program): Promise<Finished> =>
  new Promise((resolve, reject) => {
    const child = begin(program);
    const output = collect(child);
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, output: output.text });
    });
  });

export interface Service {
  readonly url: string;
  /** What it has written so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

const longestStartMs = 60_000;

const answers = async (url: string): Promise<boolean> => {
  try {
    await fetch(url);
    return true;
  } catch {
    return false;
  }
};

/** @throws Error with its output, where it ends or does not answer within a minute */
export const startService = async (
  program: Program,
  at: { readonly port: number; readonly path: string },
): Promise<Service> => {
  const child = begin(program);
  const output = collect(child);
  const url = `http://127.0.0.1:${String(at.port)}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await Promise.race([ended, delay(5_000)]);
    child.kill("SIGKILL");
  };
  const giveUpMs = Date.now() + longestStartMs;
  while (!(await answers(`${url}${at.path}`))) {
    if (child.exitCode !== null || Date.now() > giveUpMs) {
      await stop();
      throw new Error(`${program.command} did not start:\n${output.text}`);
    }
    await delay(200);
  }
  return { url, output: () => output.text, stop };
};
