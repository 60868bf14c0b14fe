import { failEachCall } from "../fail-each-call.ts";
import type { LabOptions } from "../../../local/lab/lab.ts";
import { stepsOf } from "../../../local/lab/scenarios.ts";

/** Interfaces and target groups travel as those of stateless loads do, where each of their calls fails too. */
const options: LabOptions = {
  instance: {
    secondaryPrivateIps: 1,
    elasticIpOnSecondary: true,
    dataVolumes: [{ sizeGib: 20 }],
  },
};

failEachCall(options, await stepsOf(options));
