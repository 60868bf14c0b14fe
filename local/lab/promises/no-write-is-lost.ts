/** Each write that a data volume acknowledged is still on it. */
import type { Promised } from "./promise.ts";

export const noWriteIsLost: Promised = {
  atEnd: ({ lab: { watch, control }, server }) => {
    if (server === undefined) return [];
    return watch.dataVolumeIds.flatMap((id) => {
      const [acknowledged, found] = [watch.acknowledged.get(id) ?? 0, control.writesOn(id)];
      return found === acknowledged
        ? []
        : [`${id} has ${String(found)} writes of ${String(acknowledged)} acknowledged`];
    });
  },
};
