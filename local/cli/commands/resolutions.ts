/** `spot evaluations resume|roll-back|adopt`: the three ways out of an evaluation that has left something open, each with its plan first. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import { Failure } from "../failure.ts";
import type { Line } from "../output/print.ts";

type Plan = Schemas["ResolutionPlan"];
type Started = Schemas["StartedResolution"];
type Answer = Plan | Started;

interface AdoptOptions {
  readonly serving?: string;
}

interface Way {
  readonly name: "resume" | "roll-back" | "adopt";
  readonly question: string;
  /** Told with `isDryRun`, else carried out. */
  readonly send: (
    context: Context,
    asked: {
      readonly id: string;
      readonly reason: string;
      readonly isDryRun: boolean;
      readonly serving?: string;
    },
  ) => Promise<Answer>;
}

const paramsOf = (id: string, isDryRun: boolean) => ({
  path: { id },
  query: { dry_run: isDryRun ? ("true" as const) : ("false" as const) },
});

const resume: Way = {
  name: "resume",
  question: "Let it go on?",
  send: ({ api }, { id, reason, isDryRun }) =>
    dataOf(
      api.POST("/api/v1/evaluations/{id}/resume", {
        params: paramsOf(id, isDryRun),
        body: { reason },
      }),
    ),
};

const rollBack: Way = {
  name: "roll-back",
  question: "Undo it? What stood before serves again.",
  send: ({ api }, { id, reason, isDryRun }) =>
    dataOf(
      api.POST("/api/v1/evaluations/{id}/roll-back", {
        params: paramsOf(id, isDryRun),
        body: { reason },
      }),
    ),
};

const adopt: Way = {
  name: "adopt",
  question: "Leave all as it stands? What was open is settled by that, for good.",
  send: ({ api }, { id, reason, isDryRun, serving }) =>
    dataOf(
      api.POST("/api/v1/evaluations/{id}/adopt", {
        params: paramsOf(id, isDryRun),
        body: { reason, ...(serving !== undefined && { serving }) },
      }),
    ),
};

const stepLines = ({ steps }: Answer): readonly Line[] =>
  steps.map((step, index): Line => [`Step ${String(index + 1)}`, step]);

/** The plan is the API's own, which judges the world as it is now. */
const decide =
  ({ send, question }: Way): Handler<AdoptOptions> =>
  async (context, { args: [id = ""], options: { serving } }) => {
    const { print, globals } = context;
    const reason = await context.reason();
    const asked = { id, reason, ...(serving !== undefined && { serving }) };
    const plan = await send(context, { ...asked, isDryRun: true });
    if (globals.dryRun === true) {
      print.note("A dry run: nothing was changed.");
      print.record(plan, [["Evaluation", id], ...stepLines(plan)]);
      return "DONE";
    }
    print.note(...stepLines(plan).map(([label, text]) => `${label}  ${text}`));
    await context.confirm(question);
    const started = await send(context, { ...asked, isDryRun: false });
    if (!("execution_arn" in started)) {
      throw new Failure("BUG", `${id} was told of again and not carried out`);
    }
    print.record(started, [
      ["Evaluation", id],
      ["Decision", started.resolution_id],
      ...stepLines(started),
      ["Next", `spot show ${id} --watch`],
    ]);
    return "DONE";
  };

const evaluationArgument = "id of the evaluation, evl-…";

export const addResolutions: AddCommands = (program, run) => {
  const evaluations = nounOf(program, "evaluations");
  withExamples(
    thatChanges(
      evaluations
        .command("resume")
        .description("let a switch go on that was left open; its steps are shown first")
        .argument("<evaluation>", evaluationArgument)
        .action(run(decide(resume))),
    ),
    'spot evaluations resume evl-01j9z0x3k4m5n6p7q8r9 --reason "Quota was raised"',
  );
  withExamples(
    thatChanges(
      evaluations
        .command("roll-back")
        .description("undo a switch that was left open; its steps are shown first")
        .argument("<evaluation>", evaluationArgument)
        .action(run(decide(rollBack))),
    ),
    'spot evaluations roll-back evl-01j9z0x3k4m5n6p7q8r9 --reason "Incident 4711" --dry-run',
  );
  withExamples(
    thatChanges(
      evaluations
        .command("adopt")
        .description("leave the world as it is; nothing is started, stopped, moved or deleted")
        .argument("<evaluation>", evaluationArgument)
        .option("--serving <instance>", "the instance that serves; left out for a group")
        .action(run(decide(adopt))),
    ),
    'spot evaluations adopt evl-01j9z0x3k4m5n6p7q8r9 --serving i-0a1b2c3d4e5f60718 --reason "Moved by hand"',
  );
};
