/** `spot accounts verify|template`: the customer's role, and the proof that it is as it should be. */
import { Option } from "commander";
import type { Tone } from "../../terminal/paint.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import { tableLines, textRows, type Column } from "../output/layout.ts";

type Verification = Schemas["Verification"];

const featureTone = (status: string): Tone | undefined =>
  status === "GRANTED" ? "good" : status === "INCOMPLETE" ? "bad" : undefined;

const featureColumns: readonly Column<Verification["features"][number]>[] = [
  { heading: "FEATURE", cell: ({ feature }) => feature },
  { heading: "STATUS", cell: ({ status }) => status, tone: ({ status }) => featureTone(status) },
  {
    heading: "MISSING",
    cell: ({ missing }) => [...new Set(missing.map(({ action }) => action))].join(", "),
    cut: 1,
  },
];

/** What was found, whole: it says what to do. */
const findings = ({
  checks,
  keys,
  snapshots,
  events,
  on_demand_fallback: fallback,
}: Verification): readonly (readonly string[])[] => [
  ...checks.map(({ check, outcome, message }) => [check, outcome, message]),
  ["on_demand_fallback", fallback, ""],
  ...keys.map(({ region, status, message }) => [`key in ${region}`, status, message]),
  ...snapshots.map(({ region, status, message }) => [`snapshots in ${region}`, status, message]),
  ...events.map(({ region, status, message }) => [`events of ${region}`, status, message]),
];

const verify: Handler<object> = async ({ api, print }, { args: [id = ""] }) => {
  const verification = await dataOf(
    api.POST("/api/v1/accounts/{id}/verify", { params: { path: { id } }, body: {} }),
  );
  const { verified, status, features } = verification;
  print.report(verification, (layout) => [
    ...textRows(findings(verification), layout),
    "",
    ...tableLines(features, featureColumns, layout),
  ]);
  print.note(
    verified
      ? `The account is ${status}. Next: spot preflight ${id}`
      : `The account is ${status}. Next: spot accounts template ${id}, update the customer's stack, verify again`,
  );
  return verified ? "DONE" : "REFUSED";
};

const template: Handler<{ readonly only?: "events" }> = async (
  { api, print },
  { args: [id = ""], options: { only } },
) => {
  const yaml = await dataOf(
    api.GET("/api/v1/accounts/{id}/role-template", {
      params: { path: { id }, ...(only !== undefined && { query: { only } }) },
      parseAs: "text",
    }),
  );
  print.report({ template: yaml }, () => [yaml.trimEnd()]);
  return "DONE";
};

export const addAccountRole: AddCommands = (program, run) => {
  const accounts = nounOf(program, "accounts");
  thatChanges(withExamples(accounts.command("verify"), "spot accounts verify 444455556666"))
    .description("prove that the customer's role is as it should be")
    .argument("<account>", "12 digits")
    .action(run(verify));
  withExamples(accounts.command("template"), "spot accounts template 444455556666 > role.yaml")
    .description("print the CloudFormation template of the customer's role")
    .argument("<account>", "12 digits")
    .addOption(
      new Option("--only <part>", "for a further region of the account").choices(["events"]),
    )
    .action(run(template));
};
