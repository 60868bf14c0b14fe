/** No more replacements at once than the switch needs: a launch is not made twice. */
import { isAlive, type Promised } from "./promise.ts";

export const fewReplacements: Promised = {
  atMoment: ({ replacements }, { subject }) => {
    const alive = replacements.filter(({ state }) => isAlive(state)).length;
    return alive > subject.maxReplacements ? [`${String(alive)} replacements at once`] : [];
  },
};
