.native | {
  channel: 
