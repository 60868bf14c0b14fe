/**
 * Bounds what a clone has otherwise than its original, without being refused for it: the reasons stand in the tables, and
 * docs/workflows/linear.md tells them. One more of them is a decision, to be made here as well.
 */
export const told: Readonly<Record<string, readonly string[]>> = {
  RunInstancesRequest: [
    "BlockDeviceMappings.Ebs.VolumeInitializationRate",
    "Monitoring.MetricCategoryIds",
    "NetworkInterfaces.EnaQueueCount",
  ],
  Instance: ["Monitoring.MetricCategoryIds"],
  InstanceNetworkInterface: ["Attachment.EnaQueueCount"],
  NetworkInterface: ["Attachment.EnaQueueCount", "PublicIpDnsNameOptions"],
  Volume: ["VolumeInitializationRate"],
  InstanceTypeInfo: [
    "EbsInfo.EbsOptimizedInfo.BaselineIops",
    "EbsInfo.EncryptionSupport",
    "NetworkInfo.ConnectionTrackingConfiguration",
    "NetworkInfo.FlexibleEnaQueuesSupport",
    "NetworkInfo.NetworkCards.DefaultEnaQueueCountPerInterface",
    "NetworkInfo.NetworkCards.MaximumEnaQueueCount",
    "NetworkInfo.NetworkCards.MaximumEnaQueueCountPerInterface",
    "PhcSupport",
    "ProcessorInfo.Manufacturer",
    "ProcessorInfo.SustainedClockSpeedInGhz",
  ],
  ResponseLaunchTemplateData: [],
};
