/** Roll back: undoes what the intents say and the world shows. The old node takes pods again first of all; nodes that are done stay done. */
import { defineRollBackOfSwaps } from "../../evaluation/roll-back-of-swaps.ts";
import { undoKubernetes } from "../undo/undo.ts";
import { undoClients } from "../undo/world.ts";

export const rollBackStep = defineRollBackOfSwaps({
  mode: "KUBERNETES",
  clients: undoClients,
  leftForAdoption: "The nodes were to be adopted, and nothing was undone.",
  undo: undoKubernetes,
});
