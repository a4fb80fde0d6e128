"""Who gets into the office, and how long."""

from base64 import b32decode
from datetime import date, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.domain.messages import SYSTEM, operator
from bot.domain.municipality import AddMunicipality, MunicipalityAdded
from bot.domain.provider import AddAgreement
from bot.domain.staff import StaffRole
from tests.office.clerk import PASSWORD, OfficeHouse


def test_an_operator_signs_in_works_and_signs_out(house: OfficeHouse) -> None:
    house.has("anna", StaffRole.OPERATOR, municipality=house.town.municipality)
    clerk = house.browser()
    clerk.opens("/trail")
    clerk.sees("Sign in", "Login")
    clerk.sends("/sign-in", login="Anna", password=PASSWORD, to="/office/trail")
    clerk.sees("Who did what", "signed in", "anna", "Murmansk")
    clerk.sends("/sign-out")
    clerk.opens("/trail")
    clerk.sees("Login")
    clerk.sees_no("signed in")


def test_five_wrong_passwords_lock_a_name_for_a_quarter_of_an_hour_whether_it_exists_or_not(house: OfficeHouse) -> None:
    house.has("anna", StaffRole.OPERATOR, municipality=house.town.municipality)
    clerk = house.browser()
    for login in ("anna", "nobody"):
        for _try in range(5):
            clerk.signs_in(login, "wrong")
            clerk.sees("The login or the password is wrong.")
            assert 'type="password" value="" required autocomplete="current-password" autofocus' in clerk.html
        clerk.signs_in(login, PASSWORD)
        clerk.sees("Too many wrong tries.")
    house.town.now += timedelta(minutes=16)
    clerk.signs_in("anna")
    clerk.sees("My account")


def test_a_second_factor_is_asked_for_and_each_code_is_taken_once(house: OfficeHouse) -> None:
    clerk = house.operator("anna")
    clerk.opens("/account")
    clerk.sends("/account/second-factor", secret="A" * 10_000)
    assert clerk.status == 200
    clerk.sends("/account/second-factor")
    secret = clerk.html.split("<code>")[1].split("</code>")[0]
    totp = TOTP(b32decode(secret), 6, SHA1(), 30)

    def code() -> str:
        return totp.generate(int(house.town.now.timestamp())).decode()

    clerk.sends("/account/second-factor/prove", secret=secret, code="000000")
    clerk.sees("This code does not fit")
    clerk.sends("/account/second-factor/prove", secret=secret, code=code())
    clerk.sees("Signing in asks for a code from your app.")
    other, third = house.browser(), house.browser()
    other.signs_in("anna")
    other.sees("The code from your app")
    other.opens("/account")
    other.sees("The code from your app")
    other.sends("/sign-in/code", code=code())
    other.sees("My account")
    third.signs_in("anna")
    third.sends("/sign-in/code", code=code())
    third.sees("This code does not fit")


def test_a_session_ends_when_nothing_is_done_and_everywhere_at_will(house: OfficeHouse) -> None:
    here, there = house.operator("anna"), house.browser()
    there.signs_in("anna")
    house.town.now += timedelta(hours=1, minutes=59)
    here.opens("/account")
    here.sees("Password")
    house.town.now += timedelta(minutes=2)
    there.opens("/account")
    there.sees("Login")
    here.opens("/account")
    here.sends("/account/sign-out")
    here.opens("/account")
    here.sees("Login")


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(house: OfficeHouse) -> None:
    here, there = house.operator("anna"), house.browser()
    there.signs_in("anna")
    here.opens("/account")
    here.sends("/account/password", old="wrong", new="a new long password")
    here.sees("This is not your present password.")
    here.sends("/account/password", old=PASSWORD, new="short")
    here.sees("This has 5 characters.")
    here.sends("/account/password", old=PASSWORD, new="long" * 100)
    here.sees("these are 400.")
    here.sends("/account/password", old=PASSWORD, new="a new long password")
    here.sees("Changed.")
    there.opens("/account")
    there.sees("Login")
    there.signs_in("anna", "a new long password")
    there.sees("My account")


def test_the_language_changes_where_one_is_after_a_refused_form_too_and_what_is_not_there_shows_the_menu(
    house: OfficeHouse,
) -> None:
    clerk = house.operator("anna")
    clerk.opens("/account")
    clerk.client.headers["Referer"] = "http://office.test/office/account"
    clerk.sends("/account/password", old="wrong", new="a new long password")
    to = clerk.html.split('name="to" value="')[1].split('"')[0]
    assert to == "/office/account"
    clerk.sends("/language", language="ru", to=to)
    clerk.sees("Моя учётная запись", "Нынешний пароль")
    for away in (
        "https://elsewhere.test/office/",
        "//elsewhere.test",
        "/office//elsewhere.test",
        "/chat",
        "/office/%2e./chat",
    ):
        clerk.sends("/language", language="en", to=away)
        assert clerk.status == 200
        clerk.sees("Today")
    clerk.opens("/nowhere")
    assert clerk.status == 404
    clerk.sees("There is no such page", "Applications")


def test_the_administrator_makes_accounts_and_takes_them_back(house: OfficeHouse) -> None:
    neighbour = house.town.does(AddMunicipality("neighbour", "Kirovsk", "Europe/Moscow", "5102"), SYSTEM)
    assert isinstance(neighbour, MunicipalityAdded)
    agrees = AddAgreement(neighbour.municipality, house.town.provider, date(2026, 9, 1))
    house.town.does(agrees, operator(neighbour.municipality))
    boss = house.administrator()
    boss.opens("/staff")
    assert boss.words.count("House of Arts · Murmansk") == boss.words.count("House of Arts") == 1
    boss.sends("/staff", login="Олег", name="Oleg", role="operator", municipality=house.town.municipality)
    boss.sees("A login is 2 to 60 Latin letters")
    boss.sends("/staff", login="oleg", name="Oleg", role="operator", municipality=0)
    boss.sees("An operator belongs to a municipality")
    boss.sends("/staff", login="oleg", name="Oleg", role="operator", municipality=house.town.municipality)
    boss.sees("The account is there.", "It is shown only now.", "oleg")
    password = boss.words.split("Password: ")[1].split()[0]
    oleg = house.browser()
    oleg.signs_in("oleg", password)
    oleg.sees("Murmansk")
    boss.opens("/staff")
    boss.sees_no(password)
    boss.sends("/staff/2/disable")
    oleg.opens("/")
    oleg.sees("Login")
    oleg.signs_in("oleg", password)
    oleg.sees("The login or the password is wrong.")


def test_an_administrator_at_work_in_a_municipality_is_its_operator(house: OfficeHouse) -> None:
    boss = house.administrator()
    boss.opens("/")
    boss.sends("/work-in", municipality=house.town.municipality)
    boss.opens("/trail")
    boss.sees("Murmansk")
    boss.opens("/")
    boss.sends("/work-in", municipality=12345)
    assert boss.status == 422
