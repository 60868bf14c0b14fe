/** Which services the wire speaks, by which protocol, and where the SDK has their schemas. */

/** A service by its signing name; where two share one, the other goes by a name that we gave it. */
export type ServiceId =
  | "ec2"
  | "sts"
  | "autoscaling"
  | "elasticloadbalancing"
  | "classic-load-balancing"
  | "monitoring"
  | "backup"
  | "cloudformation"
  | "pricing"
  | "resource-groups"
  | "servicequotas"
  | "route53"
  | "iam"
  | "kms"
  | "sns"
  | "ssm"
  | "states"
  | "lambda"
  | "eks"
  | "ecs"
  | "events";

export type Protocol =
  "ec2Query" | "awsQuery" | "awsJson1.0" | "awsJson1.1" | "restJson" | "restXml";

/** Versions, targets and namespaces as in each client's `protocolSettings`. */
export interface ServiceFacts {
  /** Of its schemas in the SDK. */
  readonly namespace: string;
  /** Where requests are signed for another service's name. */
  readonly signedAs?: ServiceId;
  readonly protocol: Protocol;
  /** `Version=` of a query request. */
  readonly version: string;
  /** Namespace of XML answers; empty for JSON. */
  readonly xmlNamespace: string;
  /** What stands before the dot in `X-Amz-Target`. */
  readonly target: string;
}

interface Source extends ServiceFacts {
  readonly load: () => Promise<object>;
}

export const services: Readonly<Record<ServiceId, Source>> = {
  ec2: {
    namespace: "com.amazonaws.ec2",
    protocol: "ec2Query",
    version: "2016-11-15",
    xmlNamespace: "http://ec2.amazonaws.com/doc/2016-11-15/",
    target: "AmazonEC2",
    load: () => import("@aws-sdk/client-ec2"),
  },
  sts: {
    namespace: "com.amazonaws.sts",
    protocol: "awsQuery",
    version: "2011-06-15",
    xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    target: "AWSSecurityTokenServiceV20110615",
    load: () => import("@aws-sdk/client-sts"),
  },
  autoscaling: {
    namespace: "com.amazonaws.autoscaling",
    protocol: "awsQuery",
    version: "2011-01-01",
    xmlNamespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
    target: "AutoScaling_2011_01_01",
    load: () => import("@aws-sdk/client-auto-scaling"),
  },
  elasticloadbalancing: {
    namespace: "com.amazonaws.elasticloadbalancingv2",
    protocol: "awsQuery",
    version: "2015-12-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
    target: "ElasticLoadBalancing_v10",
    load: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  // The same signing name: the version of the request tells the two apart.
  "classic-load-balancing": {
    namespace: "com.amazonaws.elasticloadbalancing",
    signedAs: "elasticloadbalancing",
    protocol: "awsQuery",
    version: "2012-06-01",
    xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2012-06-01/",
    target: "ElasticLoadBalancing_v7",
    load: () => import("@aws-sdk/client-elastic-load-balancing"),
  },
  // CloudWatch.
  monitoring: {
    namespace: "com.amazonaws.cloudwatch",
    protocol: "awsJson1.0",
    version: "2010-08-01",
    xmlNamespace: "",
    target: "GraniteServiceVersion20100801",
    load: () => import("@aws-sdk/client-cloudwatch"),
  },
  backup: {
    namespace: "com.amazonaws.backup",
    protocol: "restJson",
    version: "2018-11-15",
    xmlNamespace: "",
    target: "CryoControllerUserManager",
    load: () => import("@aws-sdk/client-backup"),
  },
  cloudformation: {
    namespace: "com.amazonaws.cloudformation",
    protocol: "awsQuery",
    version: "2010-05-15",
    xmlNamespace: "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    target: "CloudFormation",
    load: () => import("@aws-sdk/client-cloudformation"),
  },
  pricing: {
    namespace: "com.amazonaws.pricing",
    protocol: "awsJson1.1",
    version: "2017-10-15",
    xmlNamespace: "",
    target: "AWSPriceListService",
    load: () => import("@aws-sdk/client-pricing"),
  },
  "resource-groups": {
    namespace: "com.amazonaws.resourcegroups",
    protocol: "restJson",
    version: "2017-11-27",
    xmlNamespace: "",
    target: "Ardi",
    load: () => import("@aws-sdk/client-resource-groups"),
  },
  servicequotas: {
    namespace: "com.amazonaws.servicequotas",
    protocol: "awsJson1.1",
    version: "2019-06-24",
    xmlNamespace: "",
    target: "ServiceQuotasV20190624",
    load: () => import("@aws-sdk/client-service-quotas"),
  },
  route53: {
    namespace: "com.amazonaws.route53",
    protocol: "restXml",
    version: "2013-04-01",
    xmlNamespace: "https://route53.amazonaws.com/doc/2013-04-01/",
    target: "AWSDnsV20130401",
    load: () => import("@aws-sdk/client-route-53"),
  },
  iam: {
    namespace: "com.amazonaws.iam",
    protocol: "awsQuery",
    version: "2010-05-08",
    xmlNamespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    target: "AWSIdentityManagementV20100508",
    load: () => import("@aws-sdk/client-iam"),
  },
  kms: {
    namespace: "com.amazonaws.kms",
    protocol: "awsJson1.1",
    version: "2014-11-01",
    xmlNamespace: "",
    target: "TrentService",
    load: () => import("@aws-sdk/client-kms"),
  },
  sns: {
    namespace: "com.amazonaws.sns",
    protocol: "awsQuery",
    version: "2010-03-31",
    xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    target: "SNS",
    load: () => import("@aws-sdk/client-sns"),
  },
  ssm: {
    namespace: "com.amazonaws.ssm",
    protocol: "awsJson1.1",
    version: "2014-11-06",
    xmlNamespace: "",
    target: "AmazonSSM",
    load: () => import("@aws-sdk/client-ssm"),
  },
  states: {
    namespace: "com.amazonaws.sfn",
    protocol: "awsJson1.0",
    version: "2016-11-23",
    xmlNamespace: "",
    target: "AWSStepFunctions",
    load: () => import("@aws-sdk/client-sfn"),
  },
  lambda: {
    namespace: "com.amazonaws.lambda",
    protocol: "restJson",
    version: "2015-03-31",
    xmlNamespace: "",
    target: "AWSGirApiService",
    load: () => import("@aws-sdk/client-lambda"),
  },
  eks: {
    namespace: "com.amazonaws.eks",
    protocol: "restJson",
    version: "2017-11-01",
    xmlNamespace: "",
    target: "AWSWesleyFrontend",
    load: () => import("@aws-sdk/client-eks"),
  },
  // EventBridge.
  events: {
    namespace: "com.amazonaws.eventbridge",
    protocol: "awsJson1.1",
    version: "2015-10-07",
    xmlNamespace: "",
    target: "AWSEvents",
    load: () => import("@aws-sdk/client-eventbridge"),
  },
  ecs: {
    namespace: "com.amazonaws.ecs",
    protocol: "awsJson1.1",
    version: "2014-11-13",
    xmlNamespace: "",
    target: "AmazonEC2ContainerServiceV20141113",
    load: () => import("@aws-sdk/client-ecs"),
  },
};
