/** Calls a phase as its state is called in the workflow, on the console and by `npm start`: the record has the name of the step. */
import type { Schemas } from "../api/client.ts";

type Mode = Schemas["Evaluation"]["mode"];
type Names = Readonly<Record<string, string>>;

/** Those that are not the step's name itself, with blanks. */
const names: Names = {
  "check-group": "Check eligibility",
  "check-node": "Check eligibility",
  scrape: "Scrape Spot market",
  filter: "Filter offers",
  predict: "Predict interruption risk",
  "await-healthy": "Replacement healthy?",
  launch: "Launch replacement",
  "end-spot": "End Spot Instance",
  "move-root": "Move root volume",
  "final-image": "Image stopped original",
  "replace-root": "Replace root volume",
  relaunch: "Relaunch from final image",
  "await-relaunched": "Relaunched replacement healthy?",
  verify: "Verify replacement",
  "place-rest": "Place the rest",
  register: "Register replacements",
  attach: "Attach replacements",
  "await-in-service": "In service?",
  restore: "Restore group",
  "await-joined": "Node joined?",
  cordon: "Cordon node",
  "drain-poll": "Drain node",
  "await-detached": "Volumes detached?",
  terminate: "Terminate node",
  "await-gone": "Node gone?",
  release: "Release node",
  "await-taken": "Node taken?",
  adopt: "Adopt what serves",
  record: "Record outcome",
};

const namesOfMode: Readonly<Record<Mode, Names>> = {
  LINEAR: {},
  CLUSTER: { launch: "Launch replacements", "await-healthy": "Replacements healthy?" },
  KUBERNETES: { launch: "Launch node" },
};

const own = (from: Names, name: string): string | undefined =>
  Object.hasOwn(from, name) ? from[name] : undefined;

/** @param step as the record names it; one that is not known is said as it is */
export const phaseName = (mode: Mode, step: string): string =>
  own(namesOfMode[mode], step) ??
  own(names, step) ??
  (step.charAt(0).toUpperCase() + step.slice(1)).replaceAll("-", " ");
