/** `--watch` of what only reads: it is read again and again, and shown where it has changed, until Ctrl-C. */
import type { Command } from "commander";
import type { Exit } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import { changesSomething } from "./leaf.ts";
import { jsonText } from "./printable.ts";
import type { Surroundings } from "./surroundings.ts";

const everyMs = 10_000;

const reading: ReadonlySet<string> = new Set(["health", "list", "savings", "show"]);

const readsAgain = (leaf: Command): boolean =>
  reading.has(leaf.name()) &&
  !changesSomething(leaf) &&
  leaf.options.every(({ long }) => long !== "--watch");

const watched = new WeakSet<Command>();

/** To every list, and to whatever shows one thing; `spot show` has one of its own. */
export const addWatching = (command: Command): void => {
  if (command.commands.length === 0 && readsAgain(command)) {
    watched.add(command);
    command.option("--watch", "show it again each 10 s where it has changed, until Ctrl-C");
  }
  for (const inner of command.commands) addWatching(inner);
};

export const isWatched = (command: Command): boolean =>
  watched.has(command) && command.opts<{ readonly watch?: true }>().watch === true;

/** To the first line, and clear what stands below. */
const afresh = "\u001b[H\u001b[J";

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** What one reading says, before anybody sees it. */
const heard = async (
  surroundings: Surroundings,
  read: (surroundings: Surroundings) => Promise<Exit>,
): Promise<Said> => {
  const said = { stdout: "", stderr: "" };
  const terminal = {
    ...surroundings.terminal,
    stdout: (text: string) => {
      said.stdout += text;
    },
    stderr: (text: string) => {
      said.stderr += text;
    },
  };
  await read({ ...surroundings, terminal });
  return said;
};

interface Watching {
  readonly surroundings: Surroundings;
  readonly isJson: boolean;
  readonly read: (surroundings: Surroundings) => Promise<Exit>;
}

/** A terminal is drawn anew; a pipe gets what is new below; JSON is a document on a line (NDJSON). */
const show = ({ stdout, stderr }: Said, { surroundings, isJson }: Watching): void => {
  const { terminal, columns } = surroundings;
  if (isJson) {
    terminal.stdout(`${jsonText({ type: "reading", ...(JSON.parse(stdout) as object) })}\n`);
    return;
  }
  if (columns() !== undefined) terminal.stdout(afresh);
  terminal.stdout(stdout);
  terminal.stderr(stderr);
};

/** What does not answer just now is asked again; what is wrong in itself would stay so. */
const readOrTell = async (watching: Watching): Promise<Said | undefined> => {
  const { surroundings, read } = watching;
  try {
    return await heard(surroundings, read);
  } catch (error) {
    if (!(error instanceof Failure) || error.exit !== "UNREACHABLE") throw error;
    surroundings.terminal.stderr(`spot: ${error.message}. Asked again in 10 s.\n`);
    return undefined;
  }
};

/** @throws whatever the first reading throws, and what later ones do but that nothing answers */
export const readAgain = async (watching: Watching): Promise<Exit> => {
  const { surroundings, read } = watching;
  let said: Said | undefined = await heard(surroundings, read);
  show(said, watching);
  for (;;) {
    await surroundings.sleep(everyMs);
    if (surroundings.interrupt.aborted) return "INTERRUPTED";
    const next = await readOrTell(watching);
    if (next === undefined || (next.stdout === said.stdout && next.stderr === said.stderr))
      continue;
    said = next;
    show(said, watching);
  }
};
