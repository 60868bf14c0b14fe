/** `spot evaluate`: judges a target now, and carries out what is decided. */
import { dataOf } from "../api/client.ts";
import { Option } from "commander";
import type { AddCommands, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { targetIdOf } from "../target-names.ts";
import { watchEvaluation } from "../watch.ts";

interface EvaluateOptions {
  readonly to?: "spot" | "on-demand";
  readonly recover?: true;
  readonly watch?: true;
}

const places = { spot: "SPOT", "on-demand": "ON_DEMAND" } as const;

const evaluate: Handler<EvaluateOptions> = async (context, { args: [name = ""], options }) => {
  const { api, print } = context;
  const { to, recover, watch } = options;
  const id = await targetIdOf(context, name);
  const started = await dataOf(
    api.POST("/api/v1/lab/instances/{id}/evaluate", {
      params: { path: { id } },
      body: {
        ...(to !== undefined && { to: places[to] }),
        ...(recover !== undefined && { recover }),
      },
    }),
  );
  const { evaluation_id: evaluationId } = started;
  if (watch === true) return watchEvaluation(context, evaluationId);
  print.record(started, [["Evaluation", evaluationId]]);
  print.note(`Next: spot show ${evaluationId} --watch`);
  return "DONE";
};

export const addEvaluate: AddCommands = (program, run) => {
  withExamples(
    thatChanges(program.command("evaluate")),
    "spot evaluate web-shop-1 --watch",
    "spot evaluate web-shop-1 --to on-demand",
  )
    .description("judge a target now, and carry out what is decided")
    .argument("<target>", "its id, its instance's id, or its name")
    .addOption(
      new Option(
        "--to <place>",
        "where it is to stand: spot, if worth it, or back on-demand",
      ).choices(Object.keys(places)),
    )
    .option("--recover", "launch it anew after its Spot Instance has ended")
    .option("--watch", "show each phase as it comes, until the evaluation has ended")
    .action(run(evaluate));
};
