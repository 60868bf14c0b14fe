/** Runs `spot` once: arguments in, words out, exit code. */
import { CommanderError, type Command } from "commander";
import { isWatched, readAgain } from "./again.ts";
import { createContext, type Handler, type Run } from "./context.ts";
import { printDryRun, Tried } from "./dry-run.ts";
import { exits, type Exit } from "./exit-codes.ts";
import { Failure } from "./failure.ts";
import type { Globals } from "./globals.ts";
import { jsonText, printable } from "./printable.ts";
import { createProgram } from "./program.ts";
import type { Surroundings } from "./surroundings.ts";
import { messageOf } from "../terminal/terminal.ts";

/** What ends well although commander throws it. */
const helped = ["commander.helpDisplayed", "commander.version"];

/** `error: unknown option '--x'\n(Did you mean --y?)` as a sentence. */
const sentenceOf = ({ message }: CommanderError): string => {
  const text = message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `spot targets list`, as far as the arguments name commands. */
const commandNamed = (program: Command, args: readonly string[]): string => {
  let command = program;
  const path = [program.name()];
  for (const arg of args) {
    const inner = command.commands.find((each) => each.name() === arg);
    if (inner === undefined) continue;
    command = inner;
    path.push(inner.name());
  }
  return path.join(" ");
};

const failureOf = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof CommanderError) return new Failure("USAGE", sentenceOf(error));
  return new Failure("BUG", `Something unexpected happened: ${messageOf(error)}`, {
    next: "spot health, and tell the project's issues what you did",
  });
};

interface Told {
  readonly isJson: boolean;
  /** Of the command's help. */
  readonly help: string;
}

/** One sentence with its next step; with --json a problem document (RFC 9457). */
const tell = (failure: Failure, { terminal }: Surroundings, { isJson, help }: Told): void => {
  const { exit, message, parts } = failure;
  const next = parts.next ?? help;
  if (!isJson) {
    terminal.stderr(`spot: ${printable(message)}. Next: ${printable(next)}\n`);
    return;
  }
  const document = parts.document ?? {
    type: `urn:spot-optimizer:cli:${exit.toLowerCase().replaceAll("_", "-")}`,
    title: exits[exit].meaning,
    detail: `${message}.`,
  };
  terminal.stderr(`${jsonText({ ...document, next })}\n`);
};

const runIn =
  (surroundings: Surroundings, end: (exit: Exit) => void): Run =>
  <Options>(handler: Handler<Options>) =>
  async (...given: unknown[]): Promise<void> => {
    // Commander gives the arguments, then the command's options, then the command.
    const command = given.at(-1) as Command;
    const globals = command.optsWithGlobals<Globals>();
    const options = command.opts() as Options;
    const carryOut = (around: Surroundings): Promise<Exit> =>
      handler(createContext(globals, around), { args: command.args, options });
    try {
      end(
        isWatched(command)
          ? await readAgain({ surroundings, isJson: globals.json === true, read: carryOut })
          : await carryOut(surroundings),
      );
    } catch (error) {
      if (!(error instanceof Tried)) throw error;
      printDryRun(createContext(globals, surroundings).print, error);
    }
  };

/** Of help, which commander breaks; a file gets what a page has. */
const pageColumns = 100;
const mostColumns = 120;

/** Every command of the tree: commander hands its settings on only to commands that are made later. */
const configure = (command: Command, surroundings: Surroundings): void => {
  const { terminal, columns } = surroundings;
  const width = (): number => Math.min(columns() ?? pageColumns, mostColumns);
  command
    .exitOverride()
    .helpOption("-h, --help", "explain the command")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: terminal.stdout,
      writeErr: terminal.stderr,
      // The sentence is told with its next step.
      outputError: () => undefined,
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const inner of command.commands) configure(inner, surroundings);
};

/** Never throws. */
export const runSpot = async (
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  let exit: Exit = "DONE";
  const program = createProgram(
    runIn(surroundings, (reached) => {
      exit = reached;
    }),
    surroundings.version,
  );
  configure(program, surroundings);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exits[exit].code;
  } catch (error) {
    if (error instanceof CommanderError && helped.includes(error.code)) return exits.DONE.code;
    // A noun without its verb: commander has shown the help.
    if (error instanceof CommanderError && error.code === "commander.help") return exits.USAGE.code;
    const failure = failureOf(error);
    const help = `${commandNamed(program, args)} --help`;
    tell(failure, surroundings, { isJson: args.includes("--json"), help });
    return exits[failure.exit].code;
  }
};
