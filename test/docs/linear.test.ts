import { describe, expect, it } from "@jest/globals";
import { acceptableChangeSchema, consistencySchema } from "../../core/policy/linear.ts";
import { policySchema } from "../../core/policy/policy.ts";
import { snakeName } from "../../core/snake-name.ts";
import { linearWorkflow } from "../../statemachines/linear.ts";
import { readPage } from "./pages.ts";

const page = readPage("docs/workflows/linear.md");

const idsByState = new Map(
  [...page.matchAll(/^ {2}state "(.+)" as (\w+)$/gm)].map(([, name = "", id = ""]) => [name, id]),
);

const drawn = new Set([...page.matchAll(/^ {2}(\w+ --> \w+)/gm)].map(([, arrow]) => arrow));

const isDrawn = (from: string, to: string): boolean =>
  drawn.has(`${idsByState.get(from) ?? "?"} --> ${idsByState.get(to) ?? "?"}`);

describe("docs/workflows/linear.md", () => {
  it.each(Object.keys(linearWorkflow.States))(
    "draws the state %s, and says what it does",
    (state) => {
      expect(idsByState.has(state)).toBe(true);
      expect(page).toContain(`| ${state} `);
    },
  );

  it("gives each state a name of its own in the diagrams", () => {
    expect(new Set(idsByState.values()).size).toBe(idsByState.size);
  });

  it("draws every way of the workflow, but for the failures that lead to roll-back", () => {
    const missing = Object.entries(linearWorkflow.States).flatMap(([from, state]) => {
      const next =
        state.Type === "Choice"
          ? state.Choices.map((choice) => choice.Next)
          : "Next" in state
            ? [state.Next]
            : [];
      const caught = "Catch" in state ? (state.Catch ?? []).map(({ Next }) => Next) : [];
      return [...next, ...caught.filter((to) => to !== "Roll back")]
        .filter((to) => !isDrawn(from, to))
        .map((to) => `${from} → ${to}`);
    });
    expect(missing).toEqual([]);
  });

  it("may say that any other failure leads to roll-back", () => {
    const elsewhere = Object.entries(linearWorkflow.States)
      .filter(
        ([, state]) => "Catch" in state && state.Catch.some(({ Next }) => Next !== "Roll back"),
      )
      .map(([name]) => name);
    expect(elsewhere).toEqual(["Roll back", "Adopt what serves"]);
  });

  it.each([...consistencySchema.options, ...acceptableChangeSchema.options])(
    "speaks of the policy's %s",
    (option) => {
      expect(page).toContain(`\`${option}\``);
    },
  );

  it("names deadlines as the policy does", () => {
    const known = new Set(Object.keys(policySchema().shape).map(snakeName));
    const named = [...page.matchAll(/`(\w+_minutes)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
