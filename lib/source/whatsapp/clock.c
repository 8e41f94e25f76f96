/*
 * The words that stand beside a time in the languages of phones: which half of
 * the day it is, or nothing.  The halves are those of CLDR 42 (am and pm, and
 * the parts of the day) with what phones wrote before it.
 */
#include "source/whatsapp/whatsapp.h"

/* Without dots, blanks and marks, ASCII in lower case. */
/* clang-format off */
static const struct {
	char half;
	const char *words; /* a blank before and behind each */
} halves[] = {
	{ 'a',
	    " a aamulla aamup adduha ag alfajiri am ammorge amvormittag an"
	    " ap asubuhi atm aðmorgni aðnóttu bn comme damadrugada damanhã"
	    " damañá de delamadrugada delamañana dienag dieoggend dimattina"
	    " dimineața dinda dinotte dop dopol dopołdnja dumat ekuseni"
	    " emëngjesit enatës entathakusa eparadites ertalab fh fm form"
	    " fɔŋli fọmọ́nin gecə gh goizald goizeko günortadanöň hajnal"
	    " hengihengi hommikul ib ibikɛ̂glà icheheavo idiɓa inthemorning"
	    " isuk iđitbeaivet jutro kang’ama karoon ki kiroko kiɛmɛ́ɛm"
	    " kurãge kusãgki kuêmaramẽ kíkíríg lumalwak lwamilawu"
	    " madaling-araw madrugada makeo mambia maná mat matin matinada"
	    " matí mañana mbaʼámbaʼ mbaꞌmbaꞌ moies morg morgens morning"
	    " muhi munkyo nachts naktis nangumaga natt nd norīta ntufat"
	    " ntɔ́ngɔ́ nuit n’ụtụtụ od omformiddagen ommorgenen omnatten"
	    " pagi pamilau pd pg pitunaetéramẽ priekšpusdienā priešpiet"
	    " prijepodne przedpołudniem påförm påmorg pånatten rano reggel"
	    " rn rw rytas ráno rŨ sa sabah safiya sam sub subah subaka"
	    " subbaahi sáng sárúwá sübh səhər taparachu tesiran tifawt to"
	    " too uhrvörmiddaachs ujutro uluchelo utuko vm vorm wd wichishu"
	    " yb ybore zdatazal zjut zmu znacht Àárɔ̀ Àárọ̀ ÖÖ Öö öö"
	    " öğledenönce Ĩyakwakya ŋdi Ɛnkakɛnyá ǁgoagas ΠΜ πμ πρωί АМ ДП"
	    " ТО ЭИ дп наутро ночі ноќе претпл претпладне пријеподне проб"
	    " ранку сутринта сүбһ сәһәр таңкы таңғы утра ујутро ујутру"
	    " чпроб эрталаб эртеңменен јутро ҝеҹә үө ӕмбисбоныразмӕ өглөө"
	    " առավոտյան գիշերը בוקר לפנהצ לפנה״צ לפנותבוקר פֿאַרמיטאָג"
	    " اےایم بامداد بن ص صباحا صباحاً صباحًا صبح غم فجرًا فيالمساء"
	    " قبل‌ازظهر قظ ل ليلاً نیمه‌شب چۈشتىنبۇرۇن तडके पहाट पूर्वाह्न"
	    " फुं बिहान भोर मपू येएम सकाळ सबेरे सवेर सुबह सुबुहजा এএম"
	    " পূৰ্বাহ্ন ভোর সকাল ਪੂਦੁ ਸਵੇਰੇ સવારે அதிகாலை காலை முற்பகல்"
	    " ఉదయం ಪೂರ್ವಾಹ್ನ ಬೆಳಗ್ಗೆ പുലർച്ചെ രാവിലെ උදේ පාන්දර පෙව"
	    " මැදියමටපසු ก่อนเที่ยง ในตอนเช้า ກ່ອນທ່ຽງ ຕອນເຊົ້າ སྔ་ཆ་"
	    " སྔ་དྲོ་ နံနက် დილ ቅቀ ጥዋት ᏌᎾᎴ នៅពេលព្រឹក ᱥᱮᱛᱟᱜ ’snachts"
	    " ’sochtends ⵜⵉⴼⴰⵡⵜ 上午 凌晨 午前 早上 朝 朝早 清晨 ꎸꄑ 새벽 오전 𑄛𑄧𑄖𑄳𑄠𑄃𑄟𑄧𑄣𑄳𑄠𑄬"
	    " 𑄝𑄬𑄚𑄳𑄠𑄬 𞤀𞤎 " },
	{ 'p',
	    " abends adhuhuri afternoon ak akasuba akşam akşamüstü alasiri"
	    " aluula amiază amnamittag apm après-midi arrats axşam"
	    " axşamüstü aðkvöldi canoldydd ch chilo chiều cɛɛ́nko danoite"
	    " datarde delanoche delatarde delmediodía del’apm dieaand"
	    " diemiddag dilolo dipomeriggio disera domediodía dopahar du"
	    " după-amiaza dusoir dél eahketbeaivet eb ebongi ebusuku ebyámu"
	    " efiafi eguerd eh eigulo em embrëmjes emesditës ep epasdites"
	    " este etterm evening ew fiẽ fọívnin gabi gaueko gd gm gündüz"
	    " günorta günortadansoň hwaĩ-inĩ hádegi iandé-ara-pyturepé"
	    " ichamthi illalla iltap iluntz in intheafternoon intheevening"
	    " ip iɓugajɔp jioni karukaramẽ kechqurun keskip keskpäeval"
	    " kikiiɗe kingoto kisɛ́ndɛ kooskoliny kugú kurã-kuju kutykỹ"
	    " kveld kyiukonyi lilli lk lumalwap malam mchana mchochil’l md"
	    " meio-dia mezzogiorno midday migdia mog mpókwa muu nachm napol"
	    " navečer ncwònzém nggabi ngo ngəgógəle nit nm noche nomëttes"
	    " ntambama ntmeddit nyiaghuo n’abali odp omaftenen"
	    " omeftermiddagen opold ot p pamunyi pashamihe perpiet petang"
	    " pitunaramẽ pm pn podne pol pop popiet popietė popod popodne"
	    " popol popołdnju popołudniu poslijepodne ptg ptm pusd"
	    " pärastlõunal påefterm påkvällen pēcpusd pēcpusdienā rãkãnhkỹ"
	    " seara shaam soir sore spm síðdegis tadggʷat tanghali"
	    " tanghaling-tapat tarda tarde teipa tengahhari tk tr tushpayti"
	    " tŊ tối uhrnommendaachs ut uveče vakaras vakarā vespre več"
	    " veče večer wb wengi wieczorem wpołudnie wótpołdnja yamma yh"
	    " yprynhawn yrhwyr zaabig zaarikayb zmittag zmw zveč Ös õhtul"
	    " öS ös öğle öğledensonra Ĩyawĩoo ŋdɔ ŋkambɔ́tnji Ũg Ɔ̀sán"
	    " Ɛndámâ ǃuias ɣetrɔ ΜΜ απόγ μεσημ μμ ПМ ПП ТК ЭК ахшам"
	    " ахшамүстү вече вечера вечерта вечора дня кечинде кечқурун"
	    " кешкі навечер напладне орой подне полд попл попладне попод"
	    " поподне пополудні послијеподне пп следобед слоб тушпайти"
	    " түскі түстенкейінгі түштөнкийин түштөнкийинки увече уподне"
	    " чактүш чслоб ҝүндүз ҝүнорта үддунд үх ӕмбисбоныфӕстӕ өдөр"
	    " երեկոյան կեսօր ցերեկը אחהצ אחה״צ אחרהצהריים נאָכמיטאָג ערב"
	    " צהריים بظ بعدازظهر بعدازچاشت بعدالظهر دن دوپہر سہپہر شام شب"
	    " ظهر ظهرًا عصر غو م مساء مساءا مساءً پیایم چۈشتىنكېيىن अपरान्ह"
	    " अपराह्न दपैहरबाद दुपार दोपहर पीएम बेलासे बेलुकी मउ मध्यान्ह"
	    " शाम शामजा संध्याकाळ साँझ सांज सांझ सांम অপৰাহ্ন দুপুর পিএম"
	    " বিকাল সন্ধ্যা ਦੁਪਹਿਰੇ ਬਾਦੁ ਸ਼ਾਮੀਂ બપોરે સાંજે அந்திமாலை"
	    " நண்பகல் பிற்பகல் மதியம் மாலை మధ్యాహ్నం సాయంత్రం ಅಪರಾಹ್ನ"
	    " ಮಧ್ಯಾಹ್ನ ಸಂಜೆ ഉച്ച ഉച്ചതിരിഞ്ഞ് ഉച്ചയ്ക്ക് വൈകുന്നേരം സന്ധ്യ"
	    " දවල් පව මධ්‍යාහ්නය රෑ හවස ค่ำ บ่าย หลังเที่ยง เที่ยง"
	    " ในตอนเย็น ຕອນທ່ຽງ ຕອນບ່າຍ ຕອນແລງ ຫຼັງທ່ຽງ ཕྱི་ཆ་ ཕྱི་དྲོ་ ည"
	    " ညနေ နေ့လယ် မွန်းတည့် ნაშუადღ საღ შუადღ ቀትር ከሰዓት ድቀ ᎢᎦ ᏒᎯᏱᎢᏗᏢ"
	    " ថ្ងៃត្រង់ នៅពេលយប់ នៅពេលរសៀល នៅពេលល្ងាច ᱧᱤᱫᱟᱹ Ḍeffiraza Ọ̀sán"
	    " ’savonds ’smiddags ⵜⴰⴷⴳⴳⵯⴰⵜ 下午 下昼 下晝 傍晚 午後 夕方 夜 夜晚 昼 正午 ꁯꋒ 오후"
	    " 저녁 정오 𑄘𑄨𑄝𑄪𑄎𑄳𑄠 𑄝𑄬𑄣𑄳𑄠𑄬 𑄥𑄎𑄧𑄚𑄳𑄠 𞤇𞤎 " },
	{ 'n',
	    " emini kunduzi mediodía midi mittags noon siang кундузи наобяд"
	    " 中午 " },
	{ 'e',
	    " রাত रात्री"
	    " atnight gece kechasi medianoche midnight minuit mitternacht"
	    " naktī night noaptea noću ponoći ponoči raat usiku vn vnoci"
	    " wnocy yöllä zã éjjel öösel đêm βράδυ кечаси ночи ноћу"
	    " презнощта түнгі түничинде шөнө לילה رات रात रात्र রাত্রি"
	    " ਰਾਤੀਂ રાત્રે இரவு రాత్రి ರಾತ್ರಿ രാത്രി กลางคืน ກາງຄືນ ღამ 半夜"
	    " 夜中 晚上 深夜 밤 𑄢𑄬𑄖𑄴 " },
};
/* clang-format on */

/* Words between a date and its time, and behind the time: they say nothing. */
static const char fillers[] =
    " klo kl à at um as às alas ala las alle ore ora la lúc г в у о"
    " o u om pukul pkl jam saat uhr h s ч hrs год во น hodź ve a ";

/* Does the blank-separated list hold the word? */
static bool
holds(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; (p = strstr(p, word)) != NULL; p++)
		if (p[-1] == ' ' && p[n] == ' ')
			return true;
	return false;
}

char
whatsapp_half(const char *word, bool before)
{
	if (word[0] == '\0' ||
	    (holds(fillers, word) && (before || word[0] != 'a')))
		return ' ';
	for (size_t i = 0; i < sizeof(halves) / sizeof(*halves); i++)
		if (holds(halves[i].words, word))
			return halves[i].half;
	return 0;
}

/* The hour of 24.  Noon reaches from nine to nine, night from six to six. */
int
whatsapp_hour(int hour, char half)
{
	hour %= 24;
	switch (half) {
	case 'a':
		return hour == 12 ? 0 : hour;
	case 'p':
		return hour < 12 ? hour + 12 : hour;
	case 'n':
		return hour < 9 ? hour + 12 : hour;
	case 'e':
		return hour == 12              ? 0
		       : hour > 5 && hour < 12 ? hour + 12
					       : hour;
	default:
		return hour;
	}
}
