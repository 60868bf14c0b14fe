/** Nothing that was to be changed is left open: each intent was carried out, or undone. */
import type { IntentStatus } from "../../../core/model/intents/base.ts";
import type { Intent } from "../../../core/model/intent.ts";
import type { Judged, Promised } from "./promise.ts";

const closed: Readonly<Record<"SWITCHED" | "AS_IT_WAS" | "ADOPTED", readonly IntentStatus[]>> = {
  SWITCHED: ["COMMITTED", "UNDONE"],
  AS_IT_WAS: ["UNDONE"],
  ADOPTED: ["SETTLED", "COMMITTED", "UNDONE"],
};

/** A root volume with writes that the original lacks is kept for good. */
const isKept = ({ change, status }: Intent): boolean =>
  change.kind === "KEEP_WRITES" && status === "COMMITTED";

export const intentsAreClosed: Promised = {
  atEnd: ({ ending, end }: Judged) =>
    end === "OTHERWISE" || end === "HELD" || end === "FORWARD"
      ? []
      : ending.intents
          .filter((intent) => !isKept(intent) && !closed[end].includes(intent.status))
          .map((intent) => `intent ${intent.id} is ${intent.status}`),
};
