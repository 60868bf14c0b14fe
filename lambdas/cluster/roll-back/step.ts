/** Roll back: undoes what the intents say and the group shows, pair by pair, and puts the group back as it was. Pairs that are done stay done. */
import { defineRollBackOfSwaps } from "../../evaluation/roll-back-of-swaps.ts";
import { liveClients } from "../session.ts";
import { undoCluster } from "../undo/undo.ts";

export const rollBackStep = defineRollBackOfSwaps({
  mode: "CLUSTER",
  clients: liveClients,
  leftForAdoption: "The group was to be adopted, and nothing was undone.",
  undo: undoCluster,
});
