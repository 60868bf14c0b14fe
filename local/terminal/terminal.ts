/** Where a command's words go, and how a process becomes such a place. */
import { colourPaint, plainPaint, type Paint } from "./paint.ts";

/** 0: done; 1: it ran, and something is not as it must be; 2: wrong usage or unreadable files. */
export type ExitCode = 0 | 1 | 2;

export interface Terminal {
  /** Absolute: relative paths of the command line are below it. */
  readonly folder: string;
  /** Receive text with its line ends. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** For stdout. */
  readonly paint: Paint;
  /** Told what is being worked on; the next text takes its place, an empty one clears it. */
  readonly progress: (text: string) => void;
}

/** Ends a command that can't be run as it was asked for: one sentence, and the exit code for it. */
export const refuse = ({ stderr }: Pick<Terminal, "stderr">, sentence: string): 2 => {
  stderr(`${sentence}\n`);
  return 2;
};

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Ends a command that could not do what was asked: the error's message, and the exit code for it. */
export const fail = ({ stderr }: Pick<Terminal, "stderr">, error: unknown): 1 => {
  stderr(`${messageOf(error)}\n`);
  return 1;
};

interface Stream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
  on(event: "error", listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** What is needed of `process`. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly argv: readonly string[];
  readonly stdout: Stream;
  readonly stderr: Stream;
  exitCode?: number | string | null | undefined;
  cwd(): string;
  /** Seconds since the process began. */
  uptime(): number;
  exit(code: number): unknown;
}

/** What ends sooner shows no progress; where stderr is not a terminal, lines are at least this far apart. */
const patienceSeconds = 2;

/** To the beginning of the line, and clear it. */
const afresh = "\r\u001b[K";

const createProgress = (host: Host) => {
  const { stderr } = host;
  const isTerminal = stderr.isTTY === true;
  let shownAt = 0;
  let isShown = false;
  const clear = (): void => {
    if (isShown) stderr.write(afresh);
    isShown = false;
  };
  const show = (text: string): void => {
    const now = host.uptime();
    if (now - (isTerminal ? 0 : shownAt) < patienceSeconds) return;
    shownAt = now;
    stderr.write(isTerminal ? `${afresh}${text}` : `${text}\n`);
    isShown = isTerminal;
  };
  return { clear, show };
};

const hasColour = ({ env, stdout }: Host): boolean =>
  stdout.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";

/** Progress goes to stderr and is cleared before anything else is written. */
export const terminalOf = (host: Host): Terminal => {
  const progress = createProgress(host);
  const writeTo =
    (stream: Stream) =>
    (text: string): void => {
      progress.clear();
      stream.write(text);
    };
  return {
    // npm runs a script in the package's folder and says here where it was called.
    folder: host.env["INIT_CWD"] ?? host.cwd(),
    stdout: writeTo(host.stdout),
    stderr: writeTo(host.stderr),
    paint: hasColour(host) ? colourPaint : plainPaint,
    progress: (text) => {
      if (text === "") progress.clear();
      else progress.show(text);
    },
  };
};

/** Gives an exit code: those of npm's commands are ExitCode, `spot` has more. */
export type Main = (args: readonly string[], terminal: Terminal) => number | Promise<number>;

/** Runs a command as a process. Its exit code is set, not taken: what still listens, as a server does, goes on. */
export const runMain = async (host: Host, main: Main): Promise<void> => {
  for (const stream of [host.stdout, host.stderr]) {
    stream.on("error", (error) => {
      // A reader that has seen enough (`| head`) closes the pipe: that is not a failure.
      if (error.code !== "EPIPE") throw error;
      host.exit(0);
    });
  }
  host.exitCode = await main(host.argv.slice(2), terminalOf(host));
};
