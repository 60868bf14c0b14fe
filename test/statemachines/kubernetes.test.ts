import { describe, expect, it } from "@jest/globals";
import { kubernetesWorkflow } from "../../statemachines/kubernetes.ts";
import { reachable, routesOf, stateOf } from "./workflow-graph.ts";

const withoutAnswerOf = (question: string): ReadonlySet<string> =>
  reachable(kubernetesWorkflow, kubernetesWorkflow.StartAt, [question]);

describe("the workflow of nodes", () => {
  it.each([
    ["Cordon node", "Has it joined?"],
    ["Drain node", "Cordoned?"],
    ["Terminate node", "Drained?"],
    ["Terminate node", "Detached?"],
  ])("never comes to %s without an answer to %s", (state, question) => {
    expect(withoutAnswerOf(question).has(state)).toBe(false);
  });

  it("begins no other node before the one before it was released", () => {
    const without = reachable(kubernetesWorkflow, "Launch node", ["Released?"]);
    expect(without.has("Plan node")).toBe(false);
  });

  it.each(["Launched?", "Has it joined?", "Cordoned?", "Drained?", "Terminated?"])(
    "undoes a node alone where %s is answered with NONE",
    (name) => {
      const state = stateOf(kubernetesWorkflow, name);
      const routes = state.Type === "Choice" ? routesOf(state) : [];
      expect(routes.find(({ kind }) => kind === "NONE")?.next).toBe("Release node");
    },
  );

  it("drains again a node on which a pod was found before its end", () => {
    const state = stateOf(kubernetesWorkflow, "Terminated?");
    const routes = state.Type === "Choice" ? routesOf(state) : [];
    expect(routes.find(({ kind }) => kind === "FILLED")?.next).toBe("Drain node");
  });
});
