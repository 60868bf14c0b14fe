/**
 * Reads a command's arguments by a zod schema of its options. All commands answer alike: --help prints the usage and ends
 * with 0; what is wrong is one sentence on stderr, nothing on stdout, and 2. A new command is
 *
 *     const commandLine = defineCommandLine({
 *       command: "npm run chaos --",
 *       usage: "Usage: npm run chaos [-- options]\n…\nExample: npm run chaos -- --seed 7\n\nExit code: 0 …\n",
 *       schema: z.object({ seed: seed.default(1), json: flag }),
 *     });
 *     await runMain(process, (args, terminal) => runCommand(commandLine, { args, terminal }, chaos));
 *
 * with `chaos` from options and terminal to an exit code, the schemas of option-values.ts, and runMain of terminal.ts.
 */
import * as z from "zod";
import {
  gatherArguments,
  WrongUsage,
  type GivenValues,
  type KnownOptions,
  type OptionKind,
} from "./arguments.ts";
import { refuse, type Terminal } from "./terminal.ts";

export interface CommandLine<Schema extends z.ZodType> {
  /** As it is typed, up to the options: `npm run demo --`. */
  readonly command: string;
  /**
   * What --help prints, with its line end: usage, what it does, each option with its unit and default, an example, and
   * the exit codes.
   */
  readonly usage: string;
  /** The same for what a positional names: `npm run demo -- month --help`. */
  readonly parts?: Readonly<Record<string, string>>;
  /**
   * An object with a key for each option. By what it takes, a boolean is a flag, an array a list, and anything else one
   * value. The message of an issue follows the option's name and a colon; that of the whole object is a sentence of its own.
   */
  readonly schema: Schema;
  /** The key of the schema that receives what belongs to no option; its messages are sentences of their own. */
  readonly positional?: keyof z.input<Schema> & string;
  /** Options that mean nothing without another one. */
  readonly needs?: { readonly [Option in keyof z.input<Schema>]?: keyof z.input<Schema> & string };
}

export type Command<Options> =
  | { readonly kind: "RUN"; readonly options: Options }
  | { readonly kind: "HELP" }
  | { readonly kind: "USAGE_ERROR"; readonly sentence: string };

/** Infers the types of what it returns unchanged. */
export const defineCommandLine = <Schema extends z.ZodType>(
  line: CommandLine<Schema>,
): CommandLine<Schema> => line;

const inputSchema = z.object({
  properties: z.record(z.string(), z.object({ type: z.string().optional() })),
});

const kindOf = (type: string | undefined): OptionKind =>
  type === "boolean" ? "flag" : type === "array" ? "list" : "value";

/** From what the schema takes, before defaults and transformations. */
const kindsOf = (schema: z.ZodType): ReadonlyMap<string, OptionKind> => {
  const { properties } = inputSchema.parse(
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
  );
  return new Map(Object.entries(properties).map(([name, { type }]) => [name, kindOf(type)]));
};

const checkNeeds = (
  given: GivenValues,
  needs: Readonly<Record<string, string | undefined>>,
): void => {
  for (const [option, other] of Object.entries(needs)) {
    if (other === undefined || !given.has(option) || given.has(other)) continue;
    throw new WrongUsage(
      needs[other] === option
        ? `--${option} and --${other} need each other.`
        : `--${option} needs --${other}.`,
    );
  }
};

type RawValue = boolean | string | readonly string[];

/** As the schema takes them. */
const rawValues = (given: GivenValues, { kinds }: KnownOptions): Record<string, RawValue> =>
  Object.fromEntries(
    [...given].map(([name, values]): [string, RawValue] => {
      const kind = kinds.get(name);
      if (kind === "list") return [name, values];
      if (kind === "flag") return [name, true];
      const [value = "", ...others] = values;
      if (others.length === 0) return [name, value];
      // An option with a value is given once: only the positional key gets here.
      throw new WrongUsage(
        `One ${name} at a time: "${values.join(" ")}" names ${String(values.length)}.`,
      );
    }),
  );

const sentenceOf = (
  { path, message, code }: z.core.$ZodIssue,
  given: GivenValues,
  positional: string | undefined,
): string => {
  const [key] = path;
  const name = String(key);
  if (key !== undefined && code === "invalid_type" && !given.has(name)) {
    return name === positional ? `The ${name} is missing.` : `--${name} is missing.`;
  }
  const sentence = key === undefined || name === positional ? message : `--${name}: ${message}`;
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
};

const optionsOf = <Schema extends z.ZodType>(
  { command, schema, positional, needs = {} }: CommandLine<Schema>,
  args: readonly string[],
): z.output<Schema> => {
  const hint = `${command} --help shows what there is.`;
  const known = { kinds: kindsOf(schema), positional, hint };
  const given = gatherArguments(args, known);
  checkNeeds(given, needs);
  const { success, data, error } = schema.safeParse(rawValues(given, known));
  if (success) return data;
  const [issue] = error.issues;
  throw new WrongUsage(issue === undefined ? error.message : sentenceOf(issue, given, positional));
};

/** Never throws for what a user may type. A request for help goes before all mistakes. */
export const readCommand = <Schema extends z.ZodType>(
  line: CommandLine<Schema>,
  args: readonly string[],
): Command<z.output<Schema>> => {
  if (args.some((arg) => arg === "--help" || arg === "-h")) return { kind: "HELP" };
  try {
    return { kind: "RUN", options: optionsOf(line, args) };
  } catch (error) {
    if (error instanceof WrongUsage) return { kind: "USAGE_ERROR", sentence: error.message };
    throw error;
  }
};

/** Of the part that is named first, or of the whole command. */
const usageFor = <Schema extends z.ZodType>(
  { usage, parts = {} }: CommandLine<Schema>,
  args: readonly string[],
): string => {
  const named = args.find((arg) => Object.hasOwn(parts, arg));
  return named === undefined ? usage : (parts[named] ?? usage);
};

/** Runs what is asked for, or answers itself: to --help with the usage, to what is wrong with its sentence. */
export const runCommand = <Schema extends z.ZodType, Result>(
  line: CommandLine<Schema>,
  { args, terminal }: { readonly args: readonly string[]; readonly terminal: Terminal },
  run: (options: z.output<Schema>, terminal: Terminal) => Result,
): Result | 0 | 2 => {
  const command = readCommand(line, args);
  switch (command.kind) {
    case "HELP":
      terminal.stdout(usageFor(line, args));
      return 0;
    case "USAGE_ERROR":
      return refuse(terminal, command.sentence);
    case "RUN":
      return run(command.options, terminal);
  }
};
