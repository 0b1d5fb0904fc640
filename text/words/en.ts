import { type Phrases, phrases } from './packed.js';

/** Boilerplate in English. */
export const en: Phrases = {
  readMore: phrases(`
    read more | read also | read next | read the full | read: | related | related: | related article |
    related stories | see also | see more | also see | also read | also on | more: | more from | more on |
    more stories | don't miss | dont miss | don’t miss | must read | required reading | recommended | up next |
    watch: | watch now | watch also | listen: | keep reading | continue reading | further reading | click here |
    you may also like | you might also like | most popular | most read | trending | for more | find more |
    view this post | read this: | next: | previously: | opinion: | analysis: | related content |
    related coverage | related topics | related posts | related video | related videos | related news |
    related reading | related links | related story | more coverage | more news | more like this |
    more top stories | more in | also in | also from | in case you missed it | icymi | what to read next |
    people are also reading | people also read | others are reading | you may be interested |
    you might be interested | recommended reading | recommended stories | recommended for you |
    suggested reading | suggested articles | similar articles | similar stories | similar posts | recent posts |
    recent articles | recent stories | latest news | latest stories | latest from | top stories | trending now |
    trending stories | popular now | popular posts | popular articles | editor's picks | editors' picks |
    check out more | check out our | explore more | discover more | find out more | to read more |
    want to read more | to learn more | learn more about | want to learn more | read full | read original |
    read the rest | read the original | read part | read our | read all | read on | watch more | watch the full |
    watch live | watch the video | watch our | watch this | listen now | listen to the | listen to our |
    view more | view all | view the gallery | see all | see photos | see the full | see the gallery | see our |
    jump to | go deeper | dig deeper | the latest: | live updates | follow live | follow our live | explainer: |
    explained: | fact check: | factbox: | exclusive: | gallery: | photos: | in pictures | in photos |
    from the archives | from our archive | previous article | next article | previous post | next post |
    next story | older post | newer post | for full coverage | full coverage | click for more | tap here |
    click to read | more information about | for the latest | also interesting | don't miss: | trending: |
    popular: | must-read | must-reads | further information | you'll also like | story continues
  `),
  signUp: phrases(`
    sign up | subscribe | get our | get the latest | get the hottest | get breaking | join our | join the |
    follow us | follow on | follow her | follow him | like us on | download our | download the | click here to |
    want more | enjoying this | support our | donate | become a member | already a subscriber |
    already have an account | log in | sign in | create a free account | register for free | start your free |
    like this story | breaking news emails | stay up to date | stay informed | thank you for subscribing |
    thanks for signing up | by signing up | by submitting | by clicking | by entering your email |
    enter your email | your email address | this site is protected by recaptcha | have a tip | got a tip |
    send us | listen to this article | to continue reading | unlock | stay connected | stay in the know |
    stay updated | stay on top | stay tuned | never miss | don't miss out | don't miss a | get unlimited |
    get full access | get exclusive | get notified | get updates | get alerts | get the day's | get the top |
    get a daily | get local news | get more news | get this delivered | get stories | get email | get the free |
    get the app | be the first to know | find us on | connect with us | check us out on | email us | write to us |
    let us know | tell us what | share your thoughts | share your story | do you have information |
    do you have news | have a story | have a question | have an opinion | have something to | have news |
    got a story | got a question | got something | send tips | send a tip | submit your | support independent |
    support local | support quality | support this | support us | we want to hear | we'd love to hear |
    we value your | you have successfully | you are now subscribed | you're now subscribed | you're all set |
    you're signed up | thank you for signing up | thanks for reading | thanks for subscribing |
    thank you for reading | thank you for registering | please enter | please check your | please try again |
    please log in | please sign in | please subscribe | please consider | please support | please enable |
    please provide | please select | an error occurred | an error has occurred | something went wrong |
    invalid email | there was an error | there was a problem | this field is required | to view this |
    to watch this | to leave a comment | to join the conversation | your browser does not | javascript must be |
    enable javascript | to read the full | to read the rest | to keep reading | to access this |
    this article is for | this content is for | this content is only | this is a subscriber | this is premium |
    this story is available | subscriber only | subscriber exclusive | subscribers only | members only |
    exclusive to subscribers | already a member | already subscribed | already registered | not a subscriber |
    not a member | not registered | not ready to | new here | create an account | forgot password |
    forgot your password | try it free | try for free | try one month | start free | start your subscription |
    start reading | buy a subscription | give the gift | gift this article | gift a subscription |
    privacy policy | terms of service | terms of use | terms and conditions | read our privacy |
    view our privacy | see our privacy | i would like to receive | i want to receive | you can unsubscribe |
    unsubscribe | opt out | turn on notifications | turn on desktop | allow notifications | enable notifications |
    add us as a | add as a preferred | make us your | set us as | follow me | follow our | follow him on |
    follow her on | follow them | follow this | follow @ | like what you | enjoyed this | like this article |
    liked this | if you enjoyed | if you liked | if you want to support | share this | share on | discuss this |
    join thousands | join now | join today | join free | register now | register to | register for |
    register here | log in to | login to | sign in to | sign me up | limited time offer | offer: | order now |
    buy now | shop now | download now | download free | available now on | available on apple |
    listen and subscribe | subscribe: | our journalism | our newsletter | our app | newsletter: |
    newsletter sign | delivered to your | straight to your | directly to your | email address | this site uses |
    this website uses | this page uses | this content is hosted | this content could not | we use cookies |
    we and our partners | we'll send | we will send | we'll notify | we respect your | comments are |
    commenting is | comment on this | report an error | report a typo | report this | report a correction |
    spot a mistake | see an error | found an error | suggest a correction | suggest an edit | correction or |
    did you find | did you like | rate this | vote now | take our | print this | republish |
    this work is licensed | creative commons
  `),
  labels: phrases(`
    advertisement | article continues below this ad | continue reading below | caption | breaking news | advert |
    ad | ads | sponsored | sponsored content | promoted | paid content | story continues below | story continues |
    article continues below | article continues after advertisement | scroll to continue | skip advertisement |
    comments | comment | post comment | leave a comment | leave a reply | share | share this |
    share this article | share on | tweet | print | email | save | tags | tags: | topics | topics: | filed under |
    filed under: | in this article | in this story | about the author | about the authors | more for you |
    something to consider | editor’s picks | editors' picks | editor's picks | video loading | video unavailable |
    loading | close | menu | search | back to top | table of contents | view comments | show comments |
    load more | see all | view gallery | open in new tab | opens in new window | subscribe | sign in | log in |
    home | our standards | learn more | read more | view more | show more | current issue | popular | latest |
    most popular | trending | recommended | related | key points | summary | companies | follow |
    tell us what you think | recent articles | featured | popular this week | gallery credit | image | photo |
    video | credit | getty | getty images | ap | reuters | read next | up next | continue | next | previous |
    play | pause | watch | listen | click to play | buy now | shop now | end of advertisement | conversation |
    join the conversation | advertisement - scroll to continue | advertisement - continue reading below |
    advertisement - story continues below | advertisements | ad feedback | ad choices | sponsored links |
    sponsored stories | sponsor message | sponsored by | sponsored post | sponsor | our sponsors |
    paid advertisement | paid post | paid partnership | partner content | promotion | promotional content |
    from our partners | around the web | article continues after ad | story continues after ad |
    story continues below advertisement | continue reading | continue reading the main story |
    article continues after the ad | content continues below | content continues after ad | remove ads | hide ad |
    close ad | recommended stories | recommended videos | recommended reading | recommended articles |
    recommended by our editors | recommended by | related stories | related articles | related article |
    related story | related content | related topics | related coverage | related posts | related links |
    related video | related videos | related news | related items | related tags | top stories | top news |
    trending now | trending stories | trending topics | what's trending | trending videos | most viewed |
    most commented | most shared | most recent | most watched | latest news | latest stories | latest headlines |
    latest posts | latest articles | latest videos | more news | more stories | more top stories | more articles |
    more posts | more from us | more to read | more like this | more in this section | more on this story |
    more on this topic | more on this | breaking | live updates | live tv | watch live | watch now | watch more |
    watch next | listen now | listen live | now playing | now streaming | play video | play audio | watch video |
    watch the video | watch below | watch the full video | watch the trailer | video player |
    show video description | replay | replay video | mute | unmute | full screen | fullscreen | exit fullscreen |
    captions | autoplay | copy link | copy url | link copied | link copied! | copied | copied! |
    copy link to clipboard | share article | share story | share this story | share this post | share this page |
    share this video | share this entry | share with friends | share via | share via email | share link |
    share options | share icon | share to facebook | share to twitter | share on facebook | share on twitter |
    share on x | share on linkedin | share on whatsapp | share on reddit | share on pinterest |
    share full article | share on social media | tweet this | pin it | send email | email this |
    email this article | email article | email link | facebook | twitter | linkedin | reddit | whatsapp |
    pinterest | instagram | flipboard | telegram | tumblr | youtube | tiktok | threads | bluesky | messenger |
    snapchat | sms | rss | bookmark | bookmarked | save article | save story | save for later | saved |
    save this story | save this article | save to read later | add to reading list | my list | print article |
    print this | print this article | print story | print page | text size | font size | decrease font size |
    increase font size | listen to article | listen to story | listen to this story | listen to this article |
    listen to the article | audio version | gift article | gift this article | gift | give this article |
    unlocked | add comment | add a comment | add your comment | no comments | no comments yet |
    be the first to comment | write a comment | write comment | post a comment | post your comment |
    all comments | read comments | read the comments | read all comments | show all comments | hide comments |
    comments closed | comments are closed | comment on this story | comments (0) | discuss | replies | responses |
    your comment | show less | read less | see more | see less | show all | hide caption | toggle caption |
    show caption | view caption | enlarge this image | view image | view images | view photos | view slideshow |
    view fullscreen | view full screen | view all | view all photos | open image in gallery | open image modal |
    enlarge | enlarge image | enlarge icon | click to enlarge | click to expand | tap to expand | tap to enlarge |
    image credit | image source | image caption | photo credit | photo credits | photos | photo gallery |
    gallery | slideshow | videos | credits | media caption | story highlights | about this author |
    about the writer | about the reporter | about us | authors | author bio | author's bio | written by |
    reporter | contributor | contributors | posted in | posted on | posted by | published on | last updated |
    last updated on | first published | originally published | contact | contact us | contact the author |
    follow us | follow us on | follow us: | follow me | follow the author | follow this author | follow author |
    following | connect with us | connect | stay connected | newsletter | newsletters | our newsletter |
    our newsletters | email newsletter | daily newsletter | get the newsletter | email address | your email |
    your email address | your name | first name | last name | phone number | zip code | sign up | sign up now |
    sign up today | sign up here | sign up for free | sign up for our newsletter | subscribe now |
    subscribe today | subscribe here | subscribe to our newsletter | subscribe to newsletter | register now |
    join now | join us | join today | donate | donate now | donate today | support us | support our work |
    support our journalism | become a member | become a subscriber | my account | log out | sign out | got it |
    thank you! | success | success! | error | search this site | skip to content | skip to main content |
    skip ad | skip | main content | navigation | main navigation | breadcrumb | breadcrumbs | you are here |
    categories | sections | tag | keywords | in this section | on this page | on this topic | page contents |
    jump to | jump to section | quick links | useful links | external links | previous article | next article |
    previous post | next post | previous story | next story | older posts | newer posts | prev | next up |
    previous page | next page | next slide | previous slide | swipe | swipe left | scroll down | scroll to top |
    please wait | return to top | to top | return to homepage | back to home | back to homepage | go back |
    back to news | all news | all posts | all articles | newest | oldest | popular posts | popular articles |
    popular stories | popular now | recent posts | recent stories | recent news | recently published | just in |
    editor's pick | editors choice | editor's choice | staff picks | our picks | featured articles |
    featured stories | featured posts | featured video | featured image | featured content | you may like |
    you may also like | you might like | you might also like | you might be interested in |
    you may be interested in | may interest you | suggested for you | suggested articles | similar articles |
    similar posts | similar stories | read also | also read | also in the news | in other news |
    what to read next | read full article | read full story | read the full story | read the full article |
    read next article | read original | read in app | open in app | open app | get the app | download the app |
    download app | order now | view deal | see deal | check price | see price | add to cart | see at amazon |
    buy at amazon | buy on amazon | check on amazon | view on amazon | shop at amazon | see it | view offer |
    get deal | was this article helpful | was this helpful | was this page helpful | rate this article |
    report an error | report a typo | report error | report abuse | feedback | give feedback | send feedback |
    send us feedback | privacy policy | terms of use | terms of service | cookie policy | cookie settings |
    manage cookies | license | licensing | reprints | reprints & permissions | rights & permissions |
    get rights and content | premium | subscriber only | subscribers only | subscriber exclusive |
    for subscribers | members only | sponsored article | advertorial | show transcript | embed | download pdf |
    pdf | view pdf | view on twitter | view on x | view on instagram | view this post on instagram |
    view this post on facebook | see new tweets | post by | a post shared by | loading comments | loading video |
    loading ad | min read | minute read | minutes read | read time | reading time
  `),
  copyright: phrases(`
    copyright | © | c) 20 | all rights reserved | this document is subject to copyright |
    the contents of this site | this material may not be published | reprinted with permission |
    republished with permission | our standards: | distributed by | this article originally appeared |
    this article was originally published | this article originally published |
    this story was originally published | this story originally appeared | this content is provided by |
    citation: | read the original article | this story has been corrected | originally published |
    this article was first published | this story was first published | this post was originally |
    this post originally | this piece was originally | this piece originally | this essay was originally |
    this article is republished | this story is republished | this article was produced |
    this story was produced | this report was produced | this story was supported | this article was supported |
    this article first appeared | this story first appeared | this article appeared in | a version of this |
    an earlier version of this | all contents | all content | no part of this | the associated press. all |
    material from | used with permission | reproduced with permission | permission to reprint | licensed under |
    this work is licensed | this article is licensed | published with permission | unauthorized reproduction |
    any reproduction | any unauthorized | trademarks | registered trademark | photo credit | disclaimer: |
    the views expressed | the opinions expressed | views expressed in | opinions expressed |
    the views and opinions | this article is for informational | this content is for informational |
    this information is not
  `),
  disclosure: phrases(`
    we may earn | we may receive | we earn | if you purchase | if you buy | all products featured |
    products are chosen independently | purchases made through | when you buy through | when you purchase |
    as an amazon associate | this post contains affiliate | this article contains affiliate |
    this post may contain affiliate | affiliate disclosure | disclosure: | reviews have been edited |
    prices and availability | prices are accurate | the products featured | our editors independently |
    we independently | every product is independently | we only recommend | some may have been sent as samples |
    we hope you love | we might earn | we may get | we may be compensated | we may collect | we may make |
    if you make a purchase | if you shop | when you shop | when you buy | purchases you make | products featured |
    this article may contain | this article includes | this post includes | this page contains | this page may |
    this story contains | this story may | this content contains | this site contains | contains affiliate |
    links in this | some links | some of the links | affiliate links | advertising disclosure |
    advertiser disclosure | editorial disclosure | full disclosure | commissions we earn | commission may |
    the post contains | price and availability | price at time | prices subject | deals and prices |
    why trust us | why you can trust | editor's note: some | sponsored:
  `),
  reportedBy: phrases(`
    reporting by | additional reporting | editing by | writing by | written by | reported by | compiled by |
    edited by | with reporting by | contributed reporting | translated by | contact the author |
    contact the reporter | reach the reporter | staff writer | follow the author | photos by | photography by |
    reporting and writing by | associated press writer | associated press writers | associated press reporter |
    associated press journalists | ap writer | ap writers | the associated press contributed |
    reuters contributed | afp contributed | staff reporter | news researcher | this story has been updated |
    this article has been updated | this is a developing story | this is a breaking news |
    this story is developing | with files from | with reporting from | with additional reporting |
    with contributions from | with input from | contributing: | contributors: | contributing writers |
    contributed to this | graphics by | illustration by | illustrations by | video by | photographs by |
    interview by | as told to | reach him at | reach her at | reach them at | contact him | contact her |
    email him | email her | follow him | follow her | follow them
  `),
  by: phrases(`
    by | by: | written by | story by | posted by | words by | text by | reviewed by | medically reviewed by |
    published by | author: | authored by | photos and story by
  `),
  credit: phrases(`
    photo | photos | photo by | photo: | photograph | photographs | photography | image | images | image credit |
    image via | image: | image courtesy | credit | credits | illustration | illustration by | cartoon by |
    courtesy of | courtesy | picture: | pictured | screenshot | screengrab | video: | video credit |
    gallery credit | photo illustration | file photo | photo courtesy | getty images | source: | map: | chart: |
    graphic
  `),
};
