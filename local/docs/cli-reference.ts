/** The reference of `spot`, from its tree of commands: what each does, takes and ends with. */
import type { Argument, Command, Option } from "commander";
import { exits } from "../cli/exit-codes.ts";
import { changesSomething, examplesOf } from "../cli/leaf.ts";
import { createProgram } from "../cli/program.ts";
import { markdownTable } from "./markdown-table.ts";

/** The tree alone: nothing is run. */
const program = (): Command => createProgram(() => () => Promise.resolve());

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith(".") ? "" : "."}`;

const argumentText = (argument: Argument): string =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;

const usageOf = (path: string, { registeredArguments }: Command): string =>
  [path, ...registeredArguments.map(argumentText)].join(" ");

const choicesText = (choices: readonly string[] | undefined): string =>
  choices === undefined ? "" : `: ${choices.map((choice) => `\`${choice}\``).join(", ")}`;

const defaultText = ({ defaultValue }: Option): string =>
  defaultValue === undefined ? "" : `; \`${String(defaultValue)}\` unless given`;

const optionRow = (option: Option): readonly string[] => [
  `\`${option.flags}\`${option.mandatory ? " (needed)" : ""}`,
  `${option.description}${choicesText(option.argChoices)}${defaultText(option)}`,
];

const argumentRow = (argument: Argument): readonly string[] => [
  `\`${argumentText(argument)}\``,
  `${argument.description}${choicesText(argument.argChoices)}`,
];

const tableOf = ({ registeredArguments, options }: Command): readonly string[] => {
  const rows = [...registeredArguments.map(argumentRow), ...options.map(optionRow)];
  return rows.length === 0 ? [] : [markdownTable(["Takes", "Means"], rows)];
};

const changeText = (command: Command): readonly string[] =>
  changesSomething(command)
    ? ["It asks before it changes anything; `--yes` answers, `--dry-run` only tells."]
    : [];

const exampleText = (command: Command): readonly string[] => {
  const examples = examplesOf(command);
  return examples.length === 0 ? [] : [`\`\`\`sh\n${examples.join("\n")}\n\`\`\``];
};

const leafText = (path: string, command: Command): string =>
  [
    `### \`${usageOf(path, command)}\``,
    sentence(command.description()),
    ...tableOf(command),
    ...changeText(command),
    ...exampleText(command),
  ].join("\n\n");

const textsBelow = (path: string, command: Command): readonly string[] =>
  command.commands.length === 0
    ? [leafText(path, command)]
    : command.commands.flatMap((inner) => textsBelow(`${path} ${inner.name()}`, inner));

/** A heading for each noun, and in it its commands. */
export const commandReference = (): string =>
  program()
    .commands.map((noun) => {
      const path = `spot ${noun.name()}`;
      const title = `## ${noun.name()}`;
      return [title, ...textsBelow(path, noun)].join("\n\n");
    })
    .join("\n\n");

export const globalOptions = (): string =>
  markdownTable(["Option", "Means"], program().options.map(optionRow));

export const exitCodes = (): string =>
  markdownTable(
    ["Code", "Means"],
    Object.values(exits).map(({ code, meaning }) => [String(code), meaning]),
  );
