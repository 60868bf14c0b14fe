/** Makes the shell's completion from the tree of commands. Ids are asked of the API at the moment when somebody presses the key. */
import type { Command, Option } from "commander";

export type Shell = "bash" | "zsh";

/** By the name of an argument, or of an option without its dashes: the command whose list has what may be typed. */
const lists: Readonly<Record<string, string>> = {
  account: "accounts list --fields account_id",
  approval: "approvals list --fields approval_id",
  evaluation: "evaluations list --fields evaluation_id",
  notice: "notices list --fields notice_id",
  pool: "risk list --fields pool_id",
  target: "targets list --fields target_id",
  version: "models list --fields version",
};

/** A name that has another list below one command. */
const listsBelow: Readonly<Record<string, string>> = {
  "spot waste finding": "waste list --fields finding_id",
};

interface Node {
  /** `spot risk list` */
  readonly path: string;
  readonly command: Command;
}

const nodesBelow = ({ path, command }: Node): readonly Node[] => [
  { path, command },
  ...command.commands.flatMap((inner) =>
    nodesBelow({ path: `${path} ${inner.name()}`, command: inner }),
  ),
];

const flagOf = ({ long, short }: Option): string => long ?? short ?? "";

const listFor = (path: string, name: string): string | undefined => {
  const noun = path.split(" ").slice(0, 2).join(" ");
  return listsBelow[`${noun} ${name}`] ?? lists[name];
};

/** `"spot risk") echo "list quarantine lift" ;;` */
const caseOf = (key: string, action: string): string => `    "${key}") ${action} ;;`;

const echo = (words: readonly string[]): string => `echo "${words.join(" ")}"`;

const ask = (list: string | undefined): string =>
  list === undefined ? ":" : `spot ${list} --no-color 2>/dev/null | tail -n +2`;

const optionsOf = ({ command }: Node, program: Command): readonly Option[] =>
  command === program ? command.options : [...command.options, ...program.options];

const wordsCase = (node: Node, program: Command): string => {
  const { path, command } = node;
  const names = command.commands.map((inner) => inner.name());
  const flags = optionsOf(node, program).map(flagOf);
  return caseOf(path, echo([...names, ...flags, "--help"]));
};

const argumentCase = ({ path, command }: Node): readonly string[] => {
  const [argument] = command.registeredArguments;
  const list = argument === undefined ? undefined : listFor(path, argument.name());
  return list === undefined ? [] : [caseOf(path, ask(list))];
};

const valueCases = (node: Node, program: Command): readonly string[] =>
  optionsOf(node, program)
    .filter(({ required, optional }) => required || optional)
    .map((option) => {
      const choices = option.argChoices;
      const list = listFor(node.path, flagOf(option).slice("--".length));
      return caseOf(
        `${node.path} ${flagOf(option)}`,
        choices === undefined ? ask(list) : echo(choices),
      );
    });

/** Names of commands are walked along; whatever else was typed leads nowhere. */
const functions = (program: Command): string => {
  const nodes = nodesBelow({ path: program.name(), command: program });
  return `# Commands and options behind a command; fails where there is no such command.
_spot_words() {
  case "$1" in
${nodes.map((node) => wordsCase(node, program)).join("\n")}
    *) return 1 ;;
  esac
}

# What may be typed as its first argument.
_spot_arguments() {
  case "$1" in
${nodes.flatMap(argumentCase).join("\n")}
  esac
}

# What may be typed for an option that takes a value; fails for all else.
_spot_values() {
  case "$1" in
${nodes.flatMap((node) => valueCases(node, program)).join("\n")}
    *) return 1 ;;
  esac
}

_spot() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path="spot" last="" index=1 word choices
  while [ "$index" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[index]}"
    _spot_words "$path $word" >/dev/null && path="$path $word"
    last="$word"
    index=$((index + 1))
  done
  if choices="$(_spot_values "$path $last")"; then
    :
  elif [ "\${current#-}" != "$current" ]; then
    choices="$(_spot_words "$path")"
  else
    choices="$(_spot_words "$path" | tr " " "\\n" | grep -v "^-"; _spot_arguments "$path")"
  fi
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -F _spot spot
`;
};

/** zsh runs the same functions by its own means for those of bash. */
const beginnings: Readonly<Record<Shell, string>> = {
  bash: "",
  zsh: "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n",
};

export const completionScript = (program: Command, shell: Shell): string =>
  `${beginnings[shell]}${functions(program)}`;
