/** `spot show`: one evaluation, as the demo tells it, or while it goes on. */
import { dataOf } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { evaluationLines } from "../report/evaluation-report.ts";
import { hasEnded } from "../statuses.ts";
import { watchEvaluation } from "../watch.ts";

interface ShowOptions {
  readonly candidates?: true;
  readonly watch?: true;
}

const show: Handler<ShowOptions> = async (context, { args: [id = ""], options }) => {
  if (options.watch === true) return watchEvaluation(context, id);
  const { api, print } = context;
  const evaluation = await dataOf(
    api.GET("/api/v1/evaluations/{id}", {
      params: { path: { id }, query: { candidates: "all" } },
    }),
  );
  print.report(evaluation, (layout) =>
    evaluationLines(evaluation, layout, options.candidates === true),
  );
  if (!hasEnded(evaluation.status)) print.note(`It goes on. Next: spot show ${id} --watch`);
  return "DONE";
};

export const addShow: AddCommands = (program, run) => {
  withExamples(program.command("show"), "spot show evl-01j9z0x3k4m5n6p7q8r9 --watch")
    .description("show an evaluation: verdict, pools with reasons, phases, calls, downtime, saving")
    .argument("<evaluation>", "its id, evl-…")
    .option("--candidates", "with every pool that was looked at")
    .option("--watch", "show each phase as it comes, until the evaluation has ended")
    .action(run(show));
};
