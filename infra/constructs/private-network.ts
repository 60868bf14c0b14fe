/** Places a function in subnets of a VPC, so that it reaches what has no public address: the endpoint of a private cluster. */
import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { CfnFunction, Function } from "aws-cdk-lib/aws-lambda";

export interface PrivateNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Source: AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC", required IAM permissions. */
const ofInterfaces = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Lambda makes the interfaces under the function's role; the code itself may not: the guide's own advice. */
export const placeIn = (
  { subnetIds, securityGroupIds }: PrivateNetwork,
  {
    role,
    lambda,
    functionName,
  }: { readonly role: Role; readonly lambda: Function; readonly functionName: string },
): void => {
  const resource = lambda.node.defaultChild as CfnFunction;
  resource.vpcConfig = {
    subnetIds: [...subnetIds],
    securityGroupIds: [...securityGroupIds],
  };
  // By its name: its own ARN would make the policy wait for the function, which waits for the policy.
  const functionArn = Stack.of(lambda).formatArn({
    service: "lambda",
    resource: "function",
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const everywhere = { actions: ofInterfaces, resources: ["*"] };
  const allow = new PolicyStatement({ effect: Effect.ALLOW, ...everywhere });
  const denyCode = new PolicyStatement({
    effect: Effect.DENY,
    ...everywhere,
    conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
  });
  role.addToPolicy(allow);
  role.addToPolicy(denyCode);
  // Lambda looks at once whether the role may make its interfaces.
  resource.node.addDependency(role);
  Validations.of(role).acknowledge({
    id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
    reason:
      "X-Ray, EC2's Describe calls, the Price List and the network interfaces that Lambda makes have no ids beforehand, or no resource-level permissions.",
  });
};
