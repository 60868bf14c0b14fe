/** `spot health`: whether the API can work, and which one answers. */
import type { Schemas } from "../api/client.ts";
import type { AddCommands, Context } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { Failure } from "../failure.ts";
import type { Exit } from "../exit-codes.ts";

/** That of an API that can't work comes with status 503. */
const isHealth = (answer: object | undefined): answer is Schemas["Health"] =>
  answer !== undefined && "tables" in answer && "checked_at" in answer;

const health = async ({ api, print, url }: Context): Promise<Exit> => {
  const { data, error } = await api.GET("/api/v1/health");
  const found = data ?? error;
  if (!isHealth(found)) throw new Failure("UNREACHABLE", `What answers at ${url} is not the API`);
  const { status, version, emulated, region, tables, checked_at: checkedAt } = found;
  print.record(found, [
    ["Status", status],
    ["API", url],
    ["Version", version],
    ["AWS", emulated ? "simulated" : "real"],
    ["Region", region],
    ["State table", tables.state],
    ["Checked", checkedAt],
  ]);
  return status === "ok" ? "DONE" : "UNREACHABLE";
};

export const addHealth: AddCommands = (program, run) => {
  withExamples(program.command("health"), "spot health")
    .description("say whether the API can work, and which one answers")
    .action(run(health));
};
