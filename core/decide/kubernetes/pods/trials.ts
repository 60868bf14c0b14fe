/** What the answers to tried evictions stand against: what will not change by waiting. An accepted trial is not a promise. */
import type { EvictionReply, EvictionTrial } from "../../../model/kubernetes/eviction.ts";
import type { NodeBlocker } from "../blocker.ts";
import { nameOfPod } from "./kind-of-pod.ts";

/** A webhook's refusal may begin the pod's move by its operator; a policy's does not. Source: Kubernetes, ValidatingAdmissionPolicy. */
const isOfPolicy = (message: string): boolean => message.includes("ValidatingAdmissionPolicy");

const plain = (message: string): string => message.trim().replace(/\.$/, "");

const ofBudgets = (name: string, reply: EvictionReply): NodeBlocker | undefined => {
  if (reply.kind === "SEVERAL_BUDGETS") {
    return {
      kind: "REFUSES",
      code: "SEVERAL_BUDGETS",
      sentence: `Pod ${name} can't be evicted (${plain(reply.message)}): change the selectors of its budgets so that one matches it.`,
      pod: name,
    };
  }
  return reply.kind === "BUDGET" && reply.isSyncFailed
    ? {
        kind: "REFUSES",
        code: "BUDGET_NEVER_ALLOWS",
        sentence: `Pod ${name} can't be evicted: its budget can't be reckoned by its controller (${plain(reply.message)}). Give the budget a whole number as minAvailable.`,
        pod: name,
      }
    : undefined;
};

const ofAdmission = (name: string, reply: EvictionReply): NodeBlocker | undefined => {
  if (reply.kind === "WEBHOOK_UNAVAILABLE") {
    return {
      kind: "PASSES",
      code: "EVICTION_WEBHOOK_DOWN",
      sentence: `Pod ${name} can't be evicted while webhook ${reply.by} can't be reached (${plain(reply.message)}).`,
      pod: name,
    };
  }
  return reply.kind === "DENIED" && isOfPolicy(reply.message)
    ? {
        kind: "REFUSES",
        code: "EVICTION_DENIED",
        sentence: `Pod ${name} can't be evicted: ${reply.by} denies it (${plain(reply.message)}). Exempt the user of Spot Optimizer from that policy, or keep the node On-Demand.`,
        pod: name,
      }
    : undefined;
};

export const blockerOfTrial = ({ reply, ...pod }: EvictionTrial): NodeBlocker | undefined =>
  ofBudgets(nameOfPod(pod), reply) ?? ofAdmission(nameOfPod(pod), reply);
