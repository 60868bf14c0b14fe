/** `spot replay`: judges the facts of an evaluation again, as they were or by other limits. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { tableLines, textRows, type Column } from "../output/layout.ts";
import { setting, settingHelp, valueText, type Settings } from "../settings.ts";

type Replay = Schemas["Replay"];
type Judgement = Schemas["Judgement"];
type Body = Schemas["ReplayRequest"];

interface ReplayOptions {
  readonly set?: Settings;
  readonly model?: string;
}

const columns: readonly Column<Replay["differences"][number]>[] = [
  { heading: "PATH", cell: ({ path }) => path },
  { heading: "RECORDED", cell: ({ stored }) => valueText(stored), cut: 1 },
  { heading: "RECOMPUTED", cell: ({ recomputed }) => valueText(recomputed), cut: 1 },
];

const judged = (label: string, { verdict, accepted, candidates }: Judgement) => [
  label,
  `${verdict.kind}, ${verdict.reason}: ${verdict.sentence} (${String(accepted)} of ${String(candidates)} pools)`,
];

const replay: Handler<ReplayOptions> = async ({ api, print }, { args: [id = ""], options }) => {
  const { set, model } = options;
  const body: Body = {
    // The API knows the limits, and refuses by name what it doesn't.
    ...(set !== undefined && { policy_overrides: set }),
    ...(model !== undefined && { model_version: model }),
  };
  const replayed = await dataOf(
    api.POST("/api/v1/evaluations/{id}/replay", { params: { path: { id } }, body }),
  );
  const { identical, stored, recomputed, differences } = replayed;
  print.report(replayed, (layout) => [
    ...(identical ? ["identical, byte for byte"] : tableLines(differences, columns, layout)),
    ...textRows(
      [judged("recorded", stored), ...(identical ? [] : [judged("recomputed", recomputed)])],
      layout,
    ),
  ]);
  const isChanged = set !== undefined || model !== undefined;
  // The same facts by the same rules: another verdict is a fault of the product.
  return identical || isChanged ? "DONE" : "BUG";
};

export const addReplay: AddCommands = (program, run) => {
  withExamples(program.command("replay"), "spot replay evl-01j9z0x3k4m5n6p7q8r9 --set max_risk=0.1")
    .description("judge the recorded facts of an evaluation again; nothing is stored or touched")
    .argument("<evaluation>", "its id, evl-…")
    .option("--set <limit=value>", `by another limit of the policy; ${settingHelp}`, setting)
    .option("--model <version>", "by another risk model")
    .action(run(replay));
};
