/** Rules about the documents of Systems Manager that are to run on the instance: what can't run then is found before anything is made. */
import type { DocumentFacts } from "../../../model/command.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { listed } from "../../switch/objection.ts";
import type { OriginalRule } from "./rule.ts";

const named = `${limitName("hooks")} and ${limitName("proof")}`;

const isManaged: OriginalRule = ({ instance, commands }) => {
  if (commands === undefined || commands.ping === "Online") return undefined;
  const found =
    commands.ping === undefined ? "does not manage it" : `shows its agent as ${commands.ping}`;
  return {
    code: "NOT_MANAGED_BY_SSM",
    sentence: `The policy names documents (${named}) that are to run on instance ${instance.instanceId}, and Systems Manager ${found}: install and start the SSM Agent with an instance profile that lets it register, or take them out of the policy.`,
  };
};

const unfitness = ({ status, type, requiredParameters }: DocumentFacts): string | undefined => {
  if (status === undefined) return "does not exist in its account and region";
  if (status !== "Active") return `is ${status}`;
  if (type !== "Command") return `is of type ${type ?? "unknown"}, not Command`;
  return requiredParameters.length === 0
    ? undefined
    : `needs the parameters ${listed(requiredParameters)}, and none are given`;
};

const documentsFit: OriginalRule = ({ instance, commands }) => {
  const unfit = (commands?.documents ?? []).flatMap((document) => {
    const why = unfitness(document);
    return why === undefined ? [] : [`${document.name} ${why}`];
  });
  return unfit.length === 0
    ? undefined
    : {
        code: "DOCUMENT_UNFIT",
        sentence: `Not every document that the policy names (${named}) can run on instance ${instance.instanceId}: ${listed(unfit)}. Make it a Command document whose parameters have defaults, or name another.`,
      };
};

export const commandRules: readonly OriginalRule[] = [isManaged, documentsFit];
