/** Nothing that was to be changed is left open: each intent was carried out, or undone. */
import type { IntentStatus } from "../../../core/model/intents/base.ts";
import type { Judged, Promised } from "./promise.ts";

const closed: Readonly<Record<"SWITCHED" | "AS_IT_WAS", readonly IntentStatus[]>> = {
  SWITCHED: ["COMMITTED", "UNDONE"],
  AS_IT_WAS: ["UNDONE"],
};

export const intentsAreClosed: Promised = {
  atEnd: ({ ending, end }: Judged) =>
    end === "OTHERWISE"
      ? []
      : ending.intents
          .filter((intent) => !closed[end].includes(intent.status))
          .map((intent) => `intent ${intent.id} is ${intent.status}`),
};
