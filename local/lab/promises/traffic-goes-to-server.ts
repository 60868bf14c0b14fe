/** In the end the target group has whoever serves, and nobody else. */
import type { Promised } from "./promise.ts";

export const trafficGoesToServer: Promised = {
  atEnd: async ({ lab, server }) => {
    if (server === undefined || lab.targetGroupArn === undefined) return [];
    const members = [...(await lab.membersOf(lab.targetGroupArn))].sort().join();
    return members === server.instanceId
      ? []
      : [`the target group has ${members}, not ${server.instanceId}`];
  },
};
