import { describe, expect, it } from "@jest/globals";
import { errorNames } from "../../core/errors.ts";
import { evaluationStatuses } from "../../core/model/evaluation.ts";
import { evaluationSummarySchema } from "../../lambdas/api/schemas/evaluations.ts";
import { workflows } from "../../statemachines/workflows.ts";
import { readPage } from "./pages.ts";

describe("docs/errors.md", () => {
  const page = readPage("docs/errors.md");

  it.each(evaluationStatuses)("says what the status %s means", (status) => {
    expect(page).toContain(`| \`${status}\``);
  });

  it("says for which endings downtime is recorded, as the API does", () => {
    const [, ...endings] =
      /`downtime_seconds` is\s+recorded wherever .*: for (\w+), for (\w+) and for (\w+)\./.exec(
        page,
      ) ?? [];
    expect(endings).toEqual(["SWITCHED", "ROLLED_BACK", "NEEDS_OPERATOR"]);
    const { description } = evaluationSummarySchema.shape.downtime_seconds.meta() ?? {};
    for (const ending of endings) expect(description).toContain(ending);
  });

  it.each(errorNames)("says what to do about %s", (name) => {
    expect(page).toContain(`| \`${name}\``);
  });
});

describe("docs/runbook.md", () => {
  const page = readPage("docs/runbook.md");
  const failures = Object.values(workflows).flatMap((workflow) =>
    Object.values(workflow.States).flatMap((state) =>
      state.Type === "Fail" && state.Error !== undefined ? [state.Error] : [],
    ),
  );

  it.each([...new Set(failures)])("has an entry for executions that fail as %s", (error) => {
    expect(page).toContain(`## ${error}\n`);
  });
});
