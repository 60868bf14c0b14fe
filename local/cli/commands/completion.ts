/** `spot completion bash|zsh`: a script that completes commands, options, their values and, by a list of the API, ids. */
import type { AddCommands, Handler } from "../context.ts";
import { completionScript, type Shell } from "../completion.ts";
import { withExamples } from "../leaf.ts";
import type { Command } from "commander";

const startFiles: Readonly<Record<Shell, string>> = { bash: "~/.bashrc", zsh: "~/.zshrc" };

const print =
  (program: Command, shell: Shell): Handler<object> =>
  (context) => {
    const script = completionScript(program, shell);
    context.print.document({ shell, script });
    context.print.say(script.trimEnd());
    return Promise.resolve("DONE");
  };

export const addCompletion: AddCommands = (program, run) => {
  const completion = program
    .command("completion")
    .description("print a script by which a shell completes commands, options and ids");
  for (const shell of ["bash", "zsh"] as const) {
    withExamples(
      completion
        .command(shell)
        .description(`for ${shell}`)
        .action(run(print(program, shell))),
      `spot completion ${shell} >> ${startFiles[shell]}`,
    );
  }
};
