import { describe, expect, it } from "@jest/globals";
import { errorNames } from "../../core/errors.ts";
import { evaluationStatuses } from "../../core/model/evaluation.ts";
import { workflows } from "../../statemachines/workflows.ts";
import { readPage } from "./pages.ts";

describe("docs/errors.md", () => {
  const page = readPage("docs/errors.md");

  it.each(evaluationStatuses)("says what the status %s means", (status) => {
    expect(page).toContain(`| \`${status}\``);
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
