/** What a person would press, best first: each is found by text, whatever else stands on the same button. */
export type ConsentWords = {
  /** What makes a dialog one about consent. */
  about: readonly string[];
  /** Refuse everything. */
  reject: readonly string[];
  /** Only what the site cannot do without. */
  necessary: readonly string[];
  accept: readonly string[];
  /** A button that says this is never pressed: it costs money, asks for a name, or opens more questions. */
  never: readonly string[];
};

const words = (text: string): string[] => text.split('|').map((w) => w.trim());

/** In en, de, fr, es, it, pt, nl, sv, da, nb, fi, pl, cs, sk, hu, ro, el, tr, ru, uk, ar, he, ja, ko, zh. Lower case. */
export const CONSENT_WORDS: ConsentWords = {
  about: words(
    `cookie|consent|your privacy|personal data|gdpr|datenschutz|einwilligung|privatsphäre|vie privée|données personnelles|consentement|
    galleta|privacidad|consentimiento|privacidade|consenso|toestemming|persoonsgegevens|samtycke|samtykke|personuppgifter|evästei|suostumu|
    ciasteczk|prywatnoś|zgod|soubory cookie|souhlas|súhlas|adatvédelm|hozzájárul|sütik|confidențialit|consimțământ|απόρρητ|συγκατάθεσ|
    çerez|gizlilik|куки|файлы cookie|конфиденциальн|согласи|файли cookie|конфіденційн|згод|ملفات تعريف الارتباط|الخصوصية|
    עוגיות|פרטיות|クッキー|プライバシー|同意|쿠키|개인정보|隐私|隱私`,
  ),
  reject: words(
    `reject|decline|refuse|deny|disagree|do not accept|don't accept|do not consent|do not allow|don't allow|don't consent|do not agree|don't agree|continue without|
    no, thanks|no thanks|object to all|opt out|ablehnen|alle ablehnen|ohne einwilligung|ohne zustimmung|nicht zustimmen|nicht einverstanden|
    refuser|tout refuser|sans accepter|je refuse|rechazar|rechazo|no acepto|denegar|sin aceptar|rifiuta|rifiuto|non accetto|
    senza accettare|rejeitar|recusar|não aceito|sem aceitar|weigeren|afwijzen|niet akkoord|zonder accepteren|avvisa|neka|avslå|avböj|
    afvis|afslå|avvis|hylkää|kieltäydy|estä kaikki|odrzuć|odrzucam|nie zgadzam|nie wyrażam|odmítnout|odmítám|nesouhlasím|zamítnout|
    odmietnuť|nesúhlasím|elutasít|nem fogadom|refuz|respinge|nu accept|απόρριψη|δεν συμφωνώ|δεν αποδέχομαι|reddet|kabul etmiyorum|
    отклонить|отказаться|не согласен|не принимаю|відхилити|відмовитися|не погоджуюсь|رفض|لا أوافق|דחה|דחיית|לא מסכים|
    拒否|同意しない|거부|동의하지|拒绝|拒絕|不同意|不接受`,
  ),
  necessary: words(
    `only necessary|necessary only|necessary cookies only|only essential|essential only|essential cookies only|only required|required only|
    strictly necessary|nur notwendige|nur erforderliche|nur essenzielle|nur technisch|notwendige cookies|strictement nécessaires|
    uniquement les cookies|solo necesarias|solo las necesarias|solo esenciales|sólo las necesarias|solo necessari|solo i necessari|solo tecnici|
    apenas necessários|somente necessários|apenas essenciais|alleen noodzakelijke|alleen functionele|bara nödvändiga|endast nödvändiga|
    kun nødvendige|bare nødvendige|vain välttämättömät|tylko niezbędne|jen nezbytné|pouze nezbytné|len nevyhnutné|csak a szükséges|
    doar necesare|numai necesare|μόνο τα απαραίτητα|yalnızca gerekli|sadece gerekli|только необходимые|лише необхідні|тільки необхідні|
    الضرورية فقط|הכרחיות בלבד|必須のみ|必要なもののみ|필수만|필수 쿠키만|仅必要|僅必要|仅接受必要`,
  ),
  accept: words(
    `accept|agree|allow|consent|got it|i understand|ok|okay|akzeptieren|zustimmen|einverstanden|verstanden|erlauben|accepter|j'accepte|
    d'accord|autoriser|aceptar|acepto|permitir|de acuerdo|entendido|accetta|accetto|acconsento|ho capito|consenti|aceitar|aceito|concordo|
    akkoord|accepteren|toestaan|godkänn|acceptera|jag förstår|tillåt|accepter alle|godkend|tillad|godta|godkjenn|tillat|hyväksy|sallia|
    salli kaikki|zgadzam się|akceptuj|zaakceptuj|przejdź do serwisu|souhlasím|přijmout|povolit|súhlasím|prijať|elfogad|rendben|megértettem|
    accept toate|sunt de acord|αποδοχή|συμφωνώ|αποδέχομαι|kabul et|kabul ediyorum|tamam|принять|принимаю|согласен|понятно|прийняти|
    погоджуюсь|зрозуміло|موافق|قبول|أوافق|אישור|מסכים|הבנתי|同意する|許可|承諾|동의|수락|허용|确认|接受|知道了`,
  ),
  never: words(
    `pay|subscri|purchase|buy|sign in|sign up|log in|login|register|membership|donate|settings|preferences|options|manage|customi|choose|more info|
    learn more|read more|vendors|partners|policy|abonn|abo |pur-abo|bezahl|kaufen|anmelden|registrier|einstellung|anpassen|verwalten|mehr erfahren|
    optionen|partner|s'abonner|payer|acheter|connexion|se connecter|paramétr|personnalis|gérer|en savoir plus|suscri|pagar|comprar|
    iniciar sesión|regístr|configur|preferencias|gestionar|más información|paga|acquista|accedi|registrati|impostazioni|personalizza|gestisci|
    scopri|assin|entrar|definições|preferências|gerir|saiba mais|betaal|kopen|inloggen|instellingen|aanpassen|voorkeuren|beheer|prenumer|
    köp|logga in|inställningar|hantera|abonnér|betal|køb|log ind|indstillinger|tilpass|tilpas|logg inn|innstillinger|tilaa|osta|kirjaudu|
    asetukset|subskryb|prenumerat|zapłać|kup |zaloguj|ustawieni|zarządzaj|předplat|koupit|přihlásit|nastavení|predplat|kúpiť|prihlásiť|
    nastavenia|előfizet|vásárl|belép|beállítás|aboneaz|cumpăr|plăt|autentific|setări|συνδρομ|αγορ|σύνδεση|ρυθμίσεις|abone ol|satın|
    giriş yap|ayarlar|подпис|оплат|купить|войти|настро|підпис|купити|увійти|налаштув|اشتر|ادفع|تسجيل|إعدادات|מנוי|התחבר|הגדרות|
    購読|購入|ログイン|設定|구독|구매|로그인|설정|订阅|訂閱|购买|登录|登入|设置|€|$|£|zł|/month|pro monat|par mois|al mes`,
  ),
};

/** Buttons of widespread consent software, by their own names, best first; `dialog` is what they stand in. */
export const CONSENT_SOFTWARE = {
  dialogs: words(
    `#onetrust-banner-sdk|#onetrust-consent-sdk|#CybotCookiebotDialog|#didomi-host|#didomi-notice|#didomi-popup|#qc-cmp2-container|.fc-consent-root|
    #usercentrics-root|#usercentrics-cmp-ui|.cky-consent-container|#cmplz-cookiebanner-container|#truste-consent-track|.osano-cm-window|
    #iubenda-cs-banner|#cmpbox|.klaro .cookie-notice|.klaro .cookie-modal|.cc-window|#moove_gdpr_cookie_info_bar|#tarteaucitronRoot|#axeptio_overlay|
    #BorlabsCookieBox|#termly-code-snippet-support|#cookie-law-info-bar|#cookie-notice|#cookiescript_injected|#cookie-banner|#gdpr-consent-tool-wrapper|
    #appconsent|.truste_box_overlay|#ccc|#cookieChoiceInfo|#sd-cmp|#ppms_cm_popup_overlay|#cookieConsent|.evidon-banner|#lanternaCMP|#privacy-cp-wall-content`,
  ),
  reject: words(
    `#onetrust-reject-all-handler|#CybotCookiebotDialogBodyButtonDecline|#didomi-notice-disagree-button|.didomi-continue-without-agreeing|
    .fc-cta-do-not-consent|[data-testid="uc-deny-all-button"]|#uc-btn-deny-banner|#deny.uc-deny-button|.cky-btn-reject|.cmplz-deny|
    #truste-consent-required|.osano-cm-denyAll|.osano-cm-deny|.iubenda-cs-reject-btn|#cmpwelcomebtnno a|#cmpbntnotxt|.klaro .cn-decline|.cc-deny|
    .moove-gdpr-infobar-reject-btn|#tarteaucitronAllDenied2|#axeptio_btn_dismiss|._brlbs-refuse-btn|#cookie_action_close_header_reject|
    #cn-refuse-cookie|#cookiescript_reject|.evidon-banner-declinebutton|[data-cookiefirst-action="reject"]|#ppms_cm_reject-all`,
  ),
};
