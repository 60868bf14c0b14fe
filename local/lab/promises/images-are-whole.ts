/** The image that carries the data over is made of an original that rests: what a running one writes afterwards would be lost. */
import type { Promised } from "./promise.ts";

interface Named {
  readonly InstanceId?: string;
  readonly Name?: string;
}

export const imagesAreWhole: Promised = {
  ofCall: ({ operation, input }, { subject, instances }) => {
    if (operation !== "CreateImage" || subject.isStateless) return undefined;
    const { InstanceId: id, Name: name = "" } = input as Named;
    if (id !== subject.originalId || !name.endsWith("-final")) return undefined;
    const state = instances.find(({ instanceId }) => instanceId === id)?.state ?? "gone";
    return state === "stopped" ? undefined : `${name} is made of an original that is ${state}`;
  },
};
