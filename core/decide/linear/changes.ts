/** What is another after a switch of one instance, or is done meanwhile, for who agrees to it. */
import type { Policy } from "../../policy/policy.ts";

/** From the policy alone: tags and names of the instance are whoever's who writes them. */
export const changesOfInstance = ({
  acceptChangeOf,
  consistency,
  rootTransfer,
  hooks,
}: Policy): readonly string[] => [
  "another instance id",
  ...acceptChangeOf.map((kind) => `another ${kind}`),
  consistency === "stateless"
    ? "launched anew, with nothing carried over"
    : `stopped meanwhile: ${consistency}, ${rootTransfer}`,
  ...hooks.map(({ kind, document }) => `${kind} runs ${document}`),
];
