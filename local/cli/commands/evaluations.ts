/** `spot evaluations list`: what was judged, newest first. */
import { Option } from "commander";
import { savingPercent, usd, duration } from "../../terminal/figures.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import type { Column } from "../output/layout.ts";
import { subjectName } from "../report/evaluation-report.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { statusNames, statusText, toneOf, type Status } from "../statuses.ts";
import { targetIdOf } from "../target-names.ts";

type Summary = Schemas["EvaluationSummary"];

const columns: readonly Column<Summary>[] = [
  { heading: "EVALUATION", cell: ({ evaluation_id: id }) => id },
  { heading: "STARTED", cell: ({ started_at: at }) => at.slice(0, 19).replace("T", " ") },
  // As it was then: a switch gives its target another instance.
  { heading: "SUBJECT", cell: subjectName },
  {
    heading: "STATUS",
    cell: ({ status }) => statusText(status),
    tone: ({ status }) => toneOf(status),
  },
  { heading: "SAVES", cell: ({ savings }) => savingPercent(savings?.percent), align: "right" },
  { heading: "A MONTH", cell: ({ savings }) => usd(savings?.monthly_usd), align: "right" },
  { heading: "DOWN", cell: ({ downtime_seconds: seconds }) => duration(seconds), align: "right" },
  {
    heading: "REASON",
    cell: ({ outcome, verdict }) => {
      const why = outcome ?? verdict;
      return why === undefined ? "" : `${why.reason}: ${why.sentence}`;
    },
    cut: 1,
  },
];

interface ListOptions extends PagingOptions {
  readonly target?: string;
  readonly status?: Status;
  readonly from?: string;
  readonly to?: string;
}

const list: Handler<ListOptions> = async (context, { options }) => {
  const { api, print } = context;
  const { target, status, from, to } = options;
  const filter = {
    ...(target !== undefined && { target_id: await targetIdOf(context, target) }),
    ...(status !== undefined && { status }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/evaluations", { params: { query: { ...query, ...filter } } })),
  );
  print.list(page, columns, {
    empty: "No evaluations. Next: spot evaluate TARGET",
    footer: footerOf(page, "evaluations"),
  });
  return "DONE";
};

export const addEvaluations: AddCommands = (program, run) => {
  const command = nounOf(program, "evaluations").command("list");
  addPaging(withExamples(command, "spot evaluations list --status ROLLED_BACK"))
    .description("list them, newest first")
    .option("--target <target>", "of this target only")
    .addOption(new Option("--status <status>", "of this status only").choices(statusNames))
    .option("--from <time>", "started then or later, as 2026-11-01T00:00:00Z")
    .option("--to <time>", "started then or earlier")
    .action(run(list));
};
