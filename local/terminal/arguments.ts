/** Sorts a command's arguments by option, in parseArgs' tokens, and says in a sentence which one has no place. */
import { parseArgs } from "node:util";

/** A flag takes no value, a list takes all that follows it up to the next option. */
export type OptionKind = "flag" | "value" | "list";

/** What the arguments are sorted by. */
export interface KnownOptions {
  readonly kinds: ReadonlyMap<string, OptionKind>;
  /** The key, among those of `kinds`, for what belongs to no option. */
  readonly positional: string | undefined;
  /** Where the user finds what there is. */
  readonly hint: string;
}

/** The values that each key was given; none for a flag. */
export type GivenValues = ReadonlyMap<string, readonly string[]>;

/** Its message is one sentence for the user. */
export class WrongUsage extends Error {}

/** parseArgs is lenient here: what is wrong is said in sentences of our own, alike for all commands. */
const tokensOf = (args: readonly string[], { kinds }: KnownOptions) => {
  const options = Object.fromEntries(
    [...kinds].map(([name, kind]) => {
      const type: "boolean" | "string" = kind === "flag" ? "boolean" : "string";
      return [name, { type, multiple: true }];
    }),
  );
  const lenient = { strict: false, allowPositionals: true, tokens: true } as const;
  return parseArgs({ args: [...args], options, ...lenient }).tokens;
};

type Token = ReturnType<typeof tokensOf>[number];
type OptionToken = Extract<Token, { readonly kind: "option" }>;

const valuesOf = ({ name, value, inlineValue }: OptionToken, kind: OptionKind) => {
  if (kind === "flag") {
    if (value !== undefined) throw new WrongUsage(`--${name} takes no value.`);
    return [];
  }
  if (value === undefined) throw new WrongUsage(`--${name} needs a value.`);
  if (!inlineValue && /^-./.test(value)) {
    throw new WrongUsage(`--${name} needs a value: "${value}" looks like an option.`);
  }
  return [value];
};

const judgeOption = (token: OptionToken, given: GivenValues, known: KnownOptions): OptionKind => {
  const { name, rawName } = token;
  const kind = name === known.positional ? undefined : known.kinds.get(name);
  if (kind === undefined) throw new WrongUsage(`Unknown option '${rawName}': ${known.hint}`);
  if (given.has(name) && kind !== "list") throw new WrongUsage(`--${name} is given twice.`);
  return kind;
};

/** @throws WrongUsage for the first argument that has no place */
export const gatherArguments = (args: readonly string[], known: KnownOptions): GivenValues => {
  const given = new Map<string, readonly string[]>();
  const add = (name: string, values: readonly string[]): void => {
    if (values.includes("")) throw new WrongUsage(`--${name} needs a value.`);
    given.set(name, [...(given.get(name) ?? []), ...values]);
  };
  /** Receives what is not an option. */
  let receiver = known.positional;
  for (const token of tokensOf(args, known)) {
    if (token.kind === "option") {
      const kind = judgeOption(token, given, known);
      add(token.name, valuesOf(token, kind));
      receiver = kind === "list" ? token.name : known.positional;
    } else if (token.kind === "option-terminator") {
      receiver = known.positional;
    } else if (receiver === undefined) {
      throw new WrongUsage(`"${token.value}" belongs to no option: ${known.hint}`);
    } else {
      add(receiver, [token.value]);
    }
  }
  return given;
};
