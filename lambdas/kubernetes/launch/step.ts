/**
 * Launch: one Spot node beside the one that goes. A self-managed group gets a clone of what it would launch, attached once it runs: desired N becomes N+1. Of a managed
 * one the Spot node group grows by one, and its new member is the replacement.
 */
import { defineEvaluationStep, evaluationInputSchema } from "../../evaluation/evaluation-step.ts";
import { readJudged } from "../facts.ts";
import { nothingUnderWay, swapUnderWay } from "../round.ts";
import { growSpotGroup } from "./grow.ts";
import { launchAndAttach } from "./launch-and-attach.ts";
import { launchOutput, type LaunchResult } from "./result.ts";

export const launchStep = defineEvaluationStep({
  name: "launch",
  clients: ["autoScaling", "ec2", "eks"],
  mode: "KUBERNETES",
  input: evaluationInputSchema,
  output: launchOutput,
  run: async (session): Promise<LaunchResult> => {
    const swap = swapUnderWay(session);
    if (swap === undefined) return nothingUnderWay(session);
    const { nodeGroup } = await readJudged(session);
    return nodeGroup === undefined ? launchAndAttach(session, swap) : growSpotGroup(session, swap);
  },
});
