import { codeClient, noCustomerAccess, workflowClient } from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { runStep } from "../../runtime/step.ts";
import { codeJanitorStep } from "./step.ts";

const environment = variables.readEnvironment(variables.starterEnvironmentSchema);
const context = {
  ...lambdaContext(codeJanitorStep.name, () => noCustomerAccess),
  sfn: workflowClient(environment.AWS_REGION),
  lambda: codeClient(environment.AWS_REGION),
  workflowOf: variables.workflowsOf(environment),
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(codeJanitorStep, context, event);
