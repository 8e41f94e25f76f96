/* vCons whose signatures are looked at: keys of tests/golden/normalize/vcon-signed,
 * and a certificate of one of them. */
#define FORMAT source_vcon
#define FILE_NAME "a.vcon.json"
#define KEYS                                                                 \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsCOYqLIH1Em+MK0xQXSM\n" \
	"0NMkNmlhqFF7FvdibMynKOtrWLoKxdnx/McaTZPIGIJHGrUi75aHFbut6vvXs2/M\n" \
	"Wgv2drxlPkwv4HIXwQnA8gPpTMSUeqqKU2FVTqTCjGEVCyg5kcdw6WH8O6lqPpVF\n" \
	"KVIPVTuHNIAN0ieNtopqmJ5VL6+eImHFguKrkm3ZRkzKKdzK+63rhEshZkFMH5xN\n" \
	"MydYp2Tbf8raGmiklJPNmSINKmAH9y7SJ2BkBslxeBng7x7eScaFnEa6l2u+e/fH\n" \
	"fSEUQ8oiWyhqA4Nys9a/8dyKRnih/7/6f5eDy04/C9g9kAnSwHGwWa2w9IEsjVGb\n" \
	"cwIDAQAB\n"                                                         \
	"-----END PUBLIC KEY-----\n"                                         \
	"-----BEGIN PUBLIC KEY-----\n"                                       \
	"MCowBQYDK2VwAyEAK32tHuSk1OL5bq47Pi8jeZtyQ0WBXneXmgu142Vx5wM=\n"     \
	"-----END PUBLIC KEY-----\n"                                         \
	"-----BEGIN CERTIFICATE-----\n"                                      \
	"MIIBQjCB9aADAgECAhRbhn6yvxhAj/VfHMMm1DbWqfXp8DAFBgMrZXAwFjEUMBIG\n" \
	"A1UEAwwLcGJ4LmV4YW1wbGUwIBcNMjYxMTMwMTMxMzAyWhgPMjEyNjExMDYxMzEz\n" \
	"MDJaMBYxFDASBgNVBAMMC3BieC5leGFtcGxlMCowBQYDK2VwAyEAK32tHuSk1OL5\n" \
	"bq47Pi8jeZtyQ0WBXneXmgu142Vx5wOjUzBRMB0GA1UdDgQWBBQft0iB33K8rks+\n" \
	"GQpGJgkXBOWmAjAfBgNVHSMEGDAWgBQft0iB33K8rks+GQpGJgkXBOWmAjAPBgNV\n" \
	"HRMBAf8EBTADAQH/MAUGAytlcANBAHcS6GWxGf16valtGOQRFiR8SDFS1v9gOs7j\n" \
	"rHF8jTOilQ2g4Ddab3VPCsJUrAiRPuJ92m5VKUqs5FF1IQSZdAA=\n"             \
	"-----END CERTIFICATE-----\n"
#include "source.h"
